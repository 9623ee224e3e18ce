// Knows what the pages of administration need. Nothing on them is live.

import "../copy.js";
import "../questions.js";
import "../times.js";
import "../unsaved.js";
import { prepare } from "../arrival.js";

prepare(document);
