// Knows what a provider's pages need: the dashboard, and a visit from their side.

import "../countdown.js";
import "../elements/elapsed-time.js";
import "../endings.js";
import "../forms.js";
import { start as startDashboard } from "../host.js";
import { startPage } from "../main.js";
import { start as startVisit } from "../visit.js";

startPage({ host: startDashboard, visit: startVisit });
