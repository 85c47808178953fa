// The left column: who this tab acts as, channels, direct messages and the app's Home, with unread
// marks. Arrow keys move between the places, Enter opens one.

import { h, moveFocus, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { phone } from "./layout.js";
import { avatar, choosePerson } from "./people.js";
import { become, go } from "./route.js";
import { nameOf, person, store, titleOf } from "./state.js";
import { unread } from "./unread.js";

/** Wire the keyboard of the list once. */
export function startSidebar(nav) {
  nav.addEventListener("keydown", (event) =>
    moveFocus(event, () => [...nav.querySelectorAll("[data-channel]")]),
  );
}

/** Redraw the sidebar. */
export function drawSidebar(nav) {
  document.getElementById("team").textContent = store.data.team.name;
  drawMe(document.getElementById("me"), meInFull);
  drawMe(document.getElementById("me-here"), meAsFace);
  const { channels, app } = store.data;
  const home = app.home ? [{ id: "home", kind: "home", messages: [] }] : [];
  fill(
    nav,
    "rooms",
    channels.filter((one) => one.kind === "channel"),
  );
  fill(
    nav,
    "directs",
    channels.filter((one) => one.kind === "dm"),
  );
  fill(nav, "apps", home);
}

function drawMe(holder, look) {
  const me = person(store.as);
  const click = (event) => choosePerson(event.currentTarget, become);
  const draw = () =>
    h(
      "button",
      { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", on: { click }, ...look.props(me) },
      look.content(me),
    );
  reconcile(holder, [{ key: "me", sig: JSON.stringify(me), draw }]);
}

const meInFull = {
  props: (me) => ({ class: "acting", data: { testid: "act-as", person: me.id } }),
  content: (me) => [
    avatar(me.id),
    h(
      "span",
      { class: "acting-words" },
      h("small", {}, "Acting as"),
      h("strong", {}, nameOf(me.id)),
      me.title && h("small", {}, me.title),
    ),
    icon("chevron"),
  ],
};

// On a phone the sidebar is away, so the head of the page shows who one is.
const meAsFace = {
  props: (me) => ({
    class: "icon-button",
    "aria-label": `Acting as ${nameOf(me.id)}`,
    data: { testid: "act-as-small" },
  }),
  content: (me) => avatar(me.id),
};

function fill(nav, name, places) {
  const section = nav.querySelector(`[data-section="${name}"]`);
  section.hidden = !places.length;
  reconcile(section.querySelector("ul"), places.map(entry));
}

function entry(place) {
  const current = place.id === store.place;
  const fresh = current && document.visibilityState === "visible" ? { count: 0, loud: false } : unread(place);
  const label = place.kind === "home" ? "Home" : place.kind === "dm" ? titleOf(place) : place.name;
  return {
    key: place.id,
    sig: JSON.stringify([label, current, fresh, place.private]),
    draw: () => drawEntry(place, label, current, fresh),
  };
}

function drawEntry(place, label, current, { count, loud }) {
  const badge =
    count > 0 &&
    h(
      "span",
      { class: loud ? "badge loud" : "badge", data: { testid: "unread" } },
      h("span", { "aria-hidden": "true" }, count > 99 ? "99+" : count),
      h("span", { class: "unseen" }, `, ${count} unread`),
    );
  const props = {
    type: "button",
    class: count ? "place unread" : "place",
    tabindex: current ? 0 : -1,
    "aria-current": current ? "page" : null,
    data: { channel: place.id, kind: place.kind },
    on: { click: () => open(place.id) },
  };
  return h("li", {}, h("button", props, lead(place), h("span", { class: "place-name" }, label), badge));
}

function open(id) {
  go(id);
  if (!phone.matches) document.querySelector("#composer textarea")?.focus();
}

function lead(place) {
  if (place.kind === "dm") return avatar(place.with, "small");
  if (place.kind === "home") return icon("home");
  return icon(place.private ? "lock" : "hash");
}
