// What happens when a person uses an interactive element: ask for confirmation, show that the app is
// working, send the action, and say so in words when the app did not answer.

import { confirmed } from "./confirm.js";
import { collect } from "./controls.js";
import { act } from "./server.js";
import { complain } from "./toasts.js";

const running = new WeakMap(); // node → the action it is waiting for

/**
 * Send a block action. `place` is {surface, blockId}; the surface's `origin` says which message or
 * view it was. A button pressed again while the app works is ignored, a further choice waits its
 * turn. Resolves to false when the person said no, the app failed, or the press was ignored.
 */
export async function send(place, node, element, value) {
  if (running.has(node) && element.type === "button") return false;
  await running.get(node);
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  const state = collect(node.closest("[data-surface]"));
  const body = {
    type: "block_actions",
    ...place.surface.origin,
    block_id: place.blockId,
    action_id: element.action_id,
    value,
    state,
  };
  const acting = whileBusy(node, () => act(body));
  running.set(node, acting);
  const answer = await acting;
  running.delete(node);
  if (!answer.ok) complain(answer.error, node);
  return answer.ok;
}

/** Mark `node` as busy while `work` runs; the mark never outlives it. */
export async function whileBusy(node, work) {
  node.setAttribute("aria-busy", "true");
  node.setAttribute("aria-disabled", "true");
  try {
    return await work();
  } finally {
    node.removeAttribute("aria-busy");
    node.removeAttribute("aria-disabled");
  }
}
