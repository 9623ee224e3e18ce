// Knows what the pages of weekly hours need: times as this viewer writes them.

import "../times.js";
import { prepare } from "../arrival.js";

prepare(document);
