// Knows what a page needs that only says or asks something: times as this viewer writes them.

import "../times.js";
import { prepare } from "../arrival.js";

prepare(document);
