// Talking to the playground server: fetch the state, follow the stream, send what the person did.
// No call here throws or fails silently; every failure comes back as words.

import { store, update, keepEphemeral, dropEphemeral } from "./state.js";

const GONE = "The playground server did not answer. Is it still running?";
let stream = null;
let retry = null;
let running = null;
let again = false;

/** Fetch everything the person sees; one fetch at a time, a change meanwhile causes one more. */
export function refresh() {
  again = true;
  running ??= fetchUntilFresh().finally(() => {
    running = null;
  });
  return running;
}

async function fetchUntilFresh() {
  while (again) {
    again = false;
    await fetchState();
  }
}

async function fetchState() {
  const asked = store.as;
  const answer = await call("GET", `/page/state?as=${encodeURIComponent(asked ?? "")}`);
  if (!answer.ok) return update({ live: "lost", trouble: answer.error });
  if (asked === store.as) return update({ data: answer.body, as: answer.body.me.id, trouble: null });
  again = true; // the person changed meanwhile
  return null;
}

/** (Re)open the event stream for the person acted as. Reconnects for ever, and says so. */
export function follow() {
  clearTimeout(retry);
  stream?.close();
  stream = new EventSource(`/page/stream?as=${encodeURIComponent(store.as)}`);
  stream.onopen = () => {
    update({ live: "live" });
    refresh();
  };
  stream.onmessage = (event) => receive(JSON.parse(event.data));
  stream.onerror = () => {
    update({ live: "lost" });
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(follow, 2000);
  };
}

function receive(event) {
  if (event.type === "ephemeral") keepEphemeral(event.message);
  else if (event.type === "ephemeral_deleted") dropEphemeral(event.ts);
  else refresh();
}

/** Tell the server what the person did → {ok, errors?, error?}; error is in words for the person. */
export async function act(body) {
  const answer = await call("POST", "/page/act", { as: store.as, ...body });
  if (!answer.ok) return { ok: false, error: answer.error };
  refresh();
  return answer.body;
}

/** Send request number `index` of the panel → {status, body} or {error}. */
export async function sendRequest(index, values) {
  const answer = await call("POST", "/page/panel", { request: index, values });
  return answer.ok ? answer.body : { error: answer.error };
}

/** Add a fault (POST) or clear them all (DELETE) → error words, or null. */
export async function changeFaults(method, fault) {
  const answer = await call(method, "/page/faults", fault);
  await refresh();
  return answer.ok ? null : answer.error;
}

/** Make this a workspace without these block types → error words, or null. */
export async function refuseBlocks(without) {
  const answer = await call("POST", "/page/blocks", { without });
  await refresh();
  return answer.ok ? (answer.body.error ?? null) : answer.error;
}

async function call(method, url, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  try {
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return await read(response);
  } catch {
    return { ok: false, error: GONE };
  }
}

async function read(response) {
  const text = await response.text();
  if (!response.ok)
    return { ok: false, error: `The playground server answered ${response.status}. ${words(text)}` };
  return { ok: true, body: text ? JSON.parse(text) : null };
}

function words(text) {
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text.slice(0, 300);
  }
}
