// Knows what a patient's pages need, those behind a link too: few, for they are read on phones and slow lines.

import "../questions.js";
import { startPage } from "../main.js";
import { start } from "../patient.js";

startPage({ patient: start });
