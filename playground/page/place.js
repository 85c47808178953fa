// The middle of the page: the channel or direct message with its messages and composer, or the
// app's Home.

import { h, reconcile, stickToEnd } from "./dom.js";
import { icon } from "./icons.js";
import { syncBlocks } from "./blocks.js";
import { closedFor, syncComposer } from "./composer.js";
import { drawList } from "./messages.js";
import { avatar } from "./people.js";
import { openRoom, roomNote } from "./room.js";
import { channel, isTopLevel, messagesOf, store, titleOf } from "./state.js";
import { markRead } from "./unread.js";

let shown = null; // what the scroller shows: "person place"
const jump = document.getElementById("jump");
const scroller = document.getElementById("scroller");
const end = stickToEnd(scroller);

/** Wire the "newest messages" button once. */
export function startPlace() {
  jump.addEventListener("click", toEnd);
  scroller.addEventListener("scroll", () => {
    if (end.atEnd()) jump.hidden = true;
  });
}

function toEnd() {
  end.toEnd();
  jump.hidden = true;
}

/** Redraw the middle. */
export function drawPlace() {
  const home = store.place === "home";
  const list = document.getElementById("messages");
  const pane = document.getElementById("home");
  pane.hidden = !home;
  list.hidden = home;
  drawTitle(home);
  if (home) drawHome(pane);
  else drawChannel(list);
  const here = channel(store.place);
  syncComposer(
    document.getElementById("composer"),
    here && {
      channel: here.id,
      thread: null,
      label: `Message ${titleOf(here)}`,
      closed: closedFor(here),
    },
  );
}

function drawTitle(home) {
  const here = channel(store.place);
  const words = home ? `${store.data.app.name} Home` : here.kind === "dm" ? titleOf(here) : here.name;
  const facts = here && { ...here, messages: null };
  const draw = () => title(home, facts, words);
  reconcile(document.getElementById("place-title"), [
    { key: "title", sig: JSON.stringify([facts, words]), draw },
  ]);
  document.title = `${words} · ${store.data.me.real_name || store.data.me.name} · ${store.data.team.name}`;
}

function title(home, here, words) {
  if (home) return h("span", { class: "place-words" }, icon("home"), h("span", {}, words));
  if (here.kind === "dm")
    return h("span", { class: "place-words" }, avatar(here.with, "small"), h("span", {}, words));
  const props = { type: "button", class: "place-words", "aria-haspopup": "menu", "aria-expanded": "false" };
  const note = roomNote(here);
  return h(
    "button",
    { ...props, data: { testid: "room" }, on: { click: (event) => openRoom(event.currentTarget, here) } },
    icon(here.private ? "lock" : "hash"),
    h("span", {}, words),
    icon("chevron"),
    note && h("small", { class: "quiet" }, note),
  );
}

function drawHome(pane) {
  const view = store.data.home;
  shown = null;
  jump.hidden = true;
  pane.dataset.viewId = view?.id ?? "";
  document.getElementById("home-empty").hidden = Boolean(view);
  syncBlocks(document.getElementById("home-blocks"), view?.blocks ?? [], { origin: { view_id: view?.id } });
}

function drawChannel(list) {
  const here = `${store.as} ${store.place}`;
  const messages = messagesOf(store.place).filter(isTopLevel);
  const before = list.querySelectorAll(".message").length;
  const atEnd = end.atEnd();
  drawList(list, messages, false);
  document.getElementById("beginning").hidden = messages.length > 0;
  if (here !== shown || atEnd) toEnd();
  else if (messages.length > before) jump.hidden = false;
  shown = here;
  markRead(store.place);
  if (store.flash) flash(store.flash);
}

// A permalink: bring the message into view and let it glow once.
function flash(ts) {
  const node = document.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`);
  store.flash = null;
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.add("flash");
  node.focus({ preventScroll: true });
}
