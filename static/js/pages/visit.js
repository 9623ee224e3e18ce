// Knows what the pages of one visit need: the patient's waiting room, and where a visit is moved or called off.

import { startPage } from "../main.js";
import { start } from "../visit.js";

startPage({ visit: start });
