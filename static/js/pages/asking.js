// Knows what the pages need on which a patient asks to be seen. Nothing on them is live.

import "../questions.js";
import "../times.js";
import { prepare } from "../arrival.js";
import { start } from "../asking.js";

prepare(document);
start();
