// Knows what the scheduling pages need: the board and its lists, and each request's page of its own.

import "../countdown.js";
import "../elements/elapsed-time.js";
import "../endings.js";
import "../forms.js";
import "../questions.js";
import "../saved.js";
import { start } from "../board/main.js";
import { startPage } from "../main.js";

startPage({ board: start, decided: start, sessions: start });
