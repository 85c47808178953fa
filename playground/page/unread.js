// Which messages this person has not seen yet, and saying new ones aloud to screen readers. Marks
// live in sessionStorage per person, so two tabs acting as two people do not disturb each other.

import { store, messagesOf, nameOf, titleOf } from "./state.js";
import { mrkdwn } from "./mrkdwn.js";

const newest = new Map(); // channel id → newest ts already announced, for the person in `newestFor`
let newestFor = null;

/** Unread messages in a channel → {count, loud}; loud: a direct message, or one that mentions me. */
export function unread(one) {
  const seen = Number(marks()[one.id] ?? 0);
  const fresh = one.messages.filter((message) => Number(message.ts) > seen && message.user !== store.as);
  return { count: fresh.length, loud: one.kind === "dm" || fresh.some(mentionsMe) };
}

/** True when a message calls the person acted as, by name or with everybody. */
export function mentionsMe(message) {
  const words = `${message.text} ${JSON.stringify(message.blocks ?? "")}`;
  return (
    words.includes(`<@${store.as}>`) ||
    words.includes(`"user_id":"${store.as}"`) ||
    /<!(channel|here|everyone)/.test(words)
  );
}

/** Everything in the channel is seen now. */
export function markRead(channelId) {
  const last = messagesOf(channelId)
    .filter((message) => !message.ephemeral)
    .at(-1);
  if (!last || document.visibilityState !== "visible") return;
  sessionStorage.setItem(storageKey(), JSON.stringify({ ...marks(), [channelId]: last.ts }));
}

function marks() {
  return JSON.parse(sessionStorage.getItem(storageKey()) ?? "{}");
}

function storageKey() {
  return `playground.read.${store.as}`;
}

/** Say messages that came since the last call into the polite live region. */
export function announceNew(region) {
  const quiet = newestFor !== store.as;
  newestFor = store.as;
  const said = store.data.channels.flatMap((one) => freshIn(one, quiet));
  if (said.length) region.textContent = said.slice(-3).join(" — ");
}

function freshIn(one, quiet) {
  const all = messagesOf(one.id);
  const before = Number(newest.get(one.id) ?? 0);
  if (all.length) newest.set(one.id, all.at(-1).ts);
  if (quiet) return [];
  return all
    .filter((message) => Number(message.ts) > before && message.user !== store.as)
    .map((message) => spoken(one, message));
}

function spoken(one, message) {
  return `New message from ${nameOf(message.user)} in ${titleOf(one)}: ${mrkdwn(message.text ?? "").textContent.slice(0, 200)}`;
}
