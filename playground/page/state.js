// What this tab knows: who the person is, where they are, the last state the server gave, and the
// ephemeral messages, which live only here and are gone after a reload. Others read `store` and
// change it through `update`, which redraws the page.

export const store = {
  as: null, // person acted as
  data: null, // last GET /page/state
  place: null, // channel id, or "home"
  flash: null, // ts of a message a permalink points at, until it was shown
  thread: null, // ts of the thread shown in the side panel
  side: false, // the requests panel is open
  drawer: false, // phone: the channel list is open
  trouble: null, // why the last fetch failed, in words
  live: "connecting", // "connecting" | "live" | "lost"
};

const ephemerals = new Map(); // person id → messages
const listeners = new Set();

/** Call `listener` after each change. */
export function subscribe(listener) {
  listeners.add(listener);
}

/** Change some of the store and redraw. */
export function update(patch) {
  Object.assign(store, patch);
  for (const listener of listeners) listener();
}

/** A person or the app by user id; unknown ids stay visible as ids. */
export function person(id) {
  const known = store.data.people.find((one) => one.id === id);
  return known ?? { id, name: id ?? "unknown", real_name: "", initials: "?" };
}

/** The name to show for a person. */
export function nameOf(id) {
  const one = person(id);
  return one.real_name || one.name;
}

/** A channel this person sees, by id; undefined when they are no member. */
export function channel(id) {
  return store.data.channels.find((one) => one.id === id);
}

/** "#leads", or the other side of a direct message. */
export function titleOf(one) {
  return one.kind === "dm" ? nameOf(one.with) : `#${one.name}`;
}

/** Keep an ephemeral message for the person this tab acts as; the same ts again replaces it. */
export function keepEphemeral(message) {
  const mine = (ephemerals.get(store.as) ?? []).filter((one) => one.ts !== message.ts);
  ephemerals.set(store.as, [...mine, message]);
  update({});
}

/** Forget an ephemeral message (the app deleted it, or the person dismissed it). */
export function dropEphemeral(ts) {
  ephemerals.set(
    store.as,
    (ephemerals.get(store.as) ?? []).filter((one) => one.ts !== ts),
  );
  update({});
}

/** Every message of a channel, ephemeral ones included, oldest first. */
export function messagesOf(channelId) {
  const mine = (ephemerals.get(store.as) ?? []).filter((one) => one.channel === channelId);
  const all = [...(channel(channelId)?.messages ?? []), ...mine];
  return all.sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** True for a message that stands in the channel itself, not (only) in a thread. */
export function isTopLevel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.broadcast === true;
}

/** The replies under a message, oldest first. */
export function repliesOf(channelId, ts) {
  return messagesOf(channelId).filter((one) => one.thread_ts === ts && one.ts !== ts);
}
