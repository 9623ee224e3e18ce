// Knows what a public calendar needs. Nothing on it is live.

import "../booking.js";
import "../questions.js";
import "../times.js";
import { prepare } from "../arrival.js";

prepare(document);
