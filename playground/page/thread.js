// The thread in the right-hand panel: the message it hangs under, the replies, a line to answer.

import { stickToEnd } from "./dom.js";
import { closedFor, syncComposer } from "./composer.js";
import { drawList } from "./messages.js";
import { channel, messagesOf, repliesOf, store, titleOf, update } from "./state.js";

/** Wire the close button and Escape once. */
export function startThread(panel) {
  stickToEnd(panel.querySelector(".side-scroll"));
  panel.querySelector("[data-testid=thread-close]").addEventListener("click", closeThread);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
}

/** Redraw the panel, when a thread is open. */
export function drawThread(panel) {
  const here = channel(store.place);
  const root = store.thread && here && messagesOf(here.id).find((one) => one.ts === store.thread);
  panel.hidden = !store.thread || !here;
  if (panel.hidden) return;
  panel.dataset.threadTs = store.thread;
  panel.querySelector(".side-sub").textContent = titleOf(here);
  panel.querySelector(".gone").hidden = Boolean(root);
  const messages = [root, ...repliesOf(here.id, store.thread)].filter(Boolean);
  drawList(panel.querySelector(".list"), messages, true);
  syncComposer(document.getElementById("thread-composer"), {
    channel: here.id,
    thread: store.thread,
    label: "Reply",
    closed: closedFor(here),
  });
}

function closeThread() {
  const ts = store.thread;
  update({ thread: null });
  const message = document.querySelector(`#messages .message[data-ts="${CSS.escape(ts)}"]`);
  (message?.querySelector(".thread-link") ?? message)?.focus();
}
