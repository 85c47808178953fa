// The page's entry: wires the parts once, then redraws what the store says after each change.

import { drawPeople } from "./accounts.js";
import { drawConnection, drawLayout, startLayout } from "./layout.js";
import { drawModals } from "./modal.js";
import { drawPanel, startPanel } from "./panel.js";
import { drawPlace, startPlace } from "./place.js";
import { start } from "./route.js";
import { drawSidebar, startSidebar } from "./sidebar.js";
import { store, subscribe, update } from "./state.js";
import { drawThread, startThread } from "./thread.js";
import { complain } from "./toasts.js";
import { announceNew } from "./unread.js";

const part = (id) => document.getElementById(id);

function draw() {
  drawConnection();
  if (!store.data || !store.place) return;
  drawPlace();
  drawSidebar(part("places"));
  drawPeople(part("people").querySelector("ul"));
  drawThread(part("thread"));
  drawPanel(part("panel"), part("open-panel"));
  drawLayout();
  drawModals();
  announceNew(part("announcer"));
  document.body.dataset.ready = store.data.version;
}

addEventListener("error", (event) => complain(`The page made a mistake: ${event.message}`));
addEventListener("unhandledrejection", (event) => complain(`The page made a mistake: ${event.reason}`));
document.addEventListener("visibilitychange", () => update({}));

startLayout();
startPlace();
startSidebar(part("places"));
startThread(part("thread"));
startPanel(part("panel"), part("open-panel"));
subscribe(draw);
start();
