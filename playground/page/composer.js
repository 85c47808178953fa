// The line a person types into: messages, replies and slash commands. Enter sends, Shift+Enter makes
// a new line, "/" and "@" open completion. Drafts stay with their person and place.

import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { whileBusy } from "./actions.js";
import { completion, usageOf } from "./complete.js";
import { act } from "./server.js";
import { nameOf, store } from "./state.js";
import { complain } from "./toasts.js";

const drafts = new Map();

/** Why this person cannot write in a channel, in words; empty where they can. */
export function closedFor(channel) {
  if (store.data.me.deactivated) return `The account of ${nameOf(store.as)} is deactivated.`;
  return channel.archived ? "This channel is archived." : "";
}

/** Put the composer for `target` ({channel, thread, label, closed}) into `holder`; nothing for no target. */
export function syncComposer(holder, target) {
  const sig = target && JSON.stringify([store.as, target]);
  const draw = () => (target.closed ? h("p", { class: "archived" }, target.closed) : build(target, sig));
  reconcile(holder, target ? [{ key: sig, sig, draw }] : []);
}

function build(target, draftKey) {
  const label = `${target.label} as ${nameOf(store.as)}`;
  const area = h("textarea", {
    rows: 1,
    placeholder: label,
    "aria-label": label,
    data: { testid: target.thread ? "reply" : "compose" },
  });
  const usage = h("p", { class: "usage", "aria-live": "polite" });
  const button = h(
    "button",
    { type: "button", class: "icon-button send", "aria-label": "Send", on: { click: () => send() } },
    icon("send"),
  );
  const complete = completion(area, Boolean(target.thread));
  let before = null; // what was sent last; the next goes when that has arrived, so that order is kept
  const send = () => {
    before = submit(area, button, target, before);
  };
  const changed = () => {
    drafts.set(draftKey, area.value);
    grow(area);
    complete.update();
    usage.textContent = target.thread ? "" : usageOf(area.value);
    button.classList.toggle("ready", area.value.trim() !== "");
  };
  area.value = drafts.get(draftKey) ?? "";
  area.addEventListener("input", changed);
  area.addEventListener("keydown", (event) => onKey(event, complete, send));
  requestAnimationFrame(() => grow(area));
  return h(
    "div",
    { class: "composer" },
    complete.list,
    h("div", { class: "composer-box" }, area, button),
    usage,
  );
}

function onKey(event, complete, send) {
  if (event.isComposing || complete.onKey(event)) return;
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  send();
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
}

async function submit(area, button, target, before) {
  const text = area.value.trim();
  if (!text) return before;
  if (target.thread && text.startsWith("/")) {
    complain("Slash commands cannot be used in threads. Use the line of the channel instead.", area);
    return before;
  }
  const said = { as: store.as, ...bodyOf(text, target) }; // whoever is acted as once its turn has come
  empty(area);
  await before;
  const answer = await whileBusy(button, () => act(said));
  if (answer.ok) return;
  complain(answer.error, area);
  if (!area.value) restore(area, text);
}

function bodyOf(text, { channel, thread }) {
  if (text.startsWith("/")) return { type: "command", channel, text };
  return { type: "message", channel, text, ...(thread && { thread_ts: thread }) };
}

function empty(area) {
  restore(area, "");
}

function restore(area, text) {
  area.value = text;
  area.dispatchEvent(new Event("input"));
}
