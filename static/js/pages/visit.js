// Knows what the pages of one visit need: the patient's waiting room, and where a visit is moved or called off.

import { startPage } from "../main.js";
import { start as startManaging } from "../manage.js";
import { start as startVisit } from "../visit.js";

startPage({ manage: startManaging, visit: startVisit });
