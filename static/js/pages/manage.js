// Knows what the page needs on which a session is moved, given to another or called off.

import { startPage } from "../main.js";
import { start } from "../manage.js";

startPage({ manage: start });
