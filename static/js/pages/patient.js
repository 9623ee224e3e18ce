// Knows what a patient's live pages need, those behind a link too: little, for they are read on phones and slow lines.

import { startPage } from "../main.js";
import { start } from "../patient.js";

startPage({ patient: start });
