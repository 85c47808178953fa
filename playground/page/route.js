// Where this tab is and who it is: "#C123", "#home", permalinks "#C123/p1700000000000100" in the
// hash; the person in ?as=U123, kept in sessionStorage so two tabs can be two people.

import { channel, store, update } from "./state.js";
import { act, follow, refresh } from "./server.js";
import { complain } from "./toasts.js";

const HASH = /^#(\w+)(?:\/p(\d{10})(\d{1,6}))?$/;
const KEY = "playground.as";

/** Fetch the state for the person named in the address (or the last one here) and go to the place. */
export async function start() {
  store.as = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem(KEY);
  addEventListener("hashchange", arrive);
  await refresh();
  if (!store.data && store.as) await forgetPerson();
  if (!store.data) return setTimeout(start, 2000);
  remember();
  follow();
  return arrive();
}

// The person in the address may come from another workspace: ask again without one.
async function forgetPerson() {
  store.as = null;
  await refresh();
}

/** Become another person in this tab. */
export async function become(id) {
  update({ as: id, data: null, place: null, thread: null, drawer: false });
  await refresh();
  remember();
  follow();
  arrive();
}

function remember() {
  sessionStorage.setItem(KEY, store.as);
  const url = new URL(location.href);
  url.searchParams.set("as", store.as);
  history.replaceState(null, "", url);
}

/** Go to a channel or "home"; going where one already is counts as going there again. */
export function go(place) {
  if (location.hash === `#${place}`) arrive();
  else location.hash = place;
}

function arrive() {
  if (!store.data) return;
  const [, wanted, seconds, fraction] = location.hash.match(HASH) ?? [];
  const ts = seconds ? `${seconds}.${fraction}` : null;
  const place = exists(wanted) ? wanted : firstPlace();
  if (wanted && place !== wanted && ts) complain("That message is in a channel you are not in.");
  if (place !== wanted) history.replaceState(null, "", `#${place}`);
  const thread = threadOf(place, ts) ?? (place === store.place ? store.thread : null);
  update({ place, flash: ts, thread, drawer: false });
  if (place === "home") openHome();
}

async function openHome() {
  const answer = await act({ type: "open_home" });
  if (!answer.ok) complain(answer.error);
}

function exists(place) {
  return place === "home" ? store.data.app.home : Boolean(channel(place));
}

function firstPlace() {
  return store.data.channels[0]?.id ?? "home";
}

function threadOf(place, ts) {
  const message = ts && channel(place)?.messages.find((one) => one.ts === ts);
  return message && message.thread_ts !== ts ? message.thread_ts : null;
}

/** The address of a message, as chat.getPermalink gives it. */
export function permalink(channelId, ts) {
  return `${location.origin}/#${channelId}/p${ts.replace(".", "")}`;
}
