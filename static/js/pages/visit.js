// Knows what a patient's waiting room needs.

import { startPage } from "../main.js";
import { start } from "../visit.js";

startPage({ visit: start });
