// The external select: what the person types goes to the app, which answers with options. A text
// line with a list below it; arrow keys choose, Enter takes, Escape closes.

import { h, uid } from "./dom.js";
import { control } from "./controls.js";
import { send } from "./actions.js";
import { act } from "./server.js";
import { plain } from "./text.js";
import { complain } from "./toasts.js";

const PAUSE = 250; // ms without a key before the app is asked

/** external_select. */
export function drawExternal(element, place) {
  const list = h("div", { class: "external-list", role: "listbox", id: uid("offers"), hidden: true });
  const input = h("input", {
    ...withoutData(place.field),
    type: "text",
    role: "combobox",
    autocomplete: "off",
    value: plain(element.initial_option?.text),
    placeholder: plain(element.placeholder),
    "aria-label": place.label ?? plain(element.placeholder),
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  });
  const holder = h("div", { class: "external", data: place.field.data }, input, list);
  const view = {
    element,
    place,
    holder,
    input,
    list,
    chosen: element.initial_option ?? null,
    offers: [],
    at: 0,
  };
  // Nothing to carry into a redrawn select: only the app knows the text of a value.
  control(holder, { read: () => view.chosen?.value ?? null, write: () => {} });
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(view), PAUSE);
  });
  input.addEventListener("keydown", (event) => onKey(event, view));
  input.addEventListener("blur", () => close(view));
  return holder;
}

async function ask(view) {
  const { element, place, input } = view;
  const typed = input.value.trim();
  if (!typed && place.optional) view.chosen = null;
  if (typed.length < (element.min_query_length ?? 3)) return close(view);
  const answer = await act({
    type: "block_suggestion",
    ...place.surface.origin,
    block_id: place.blockId,
    action_id: element.action_id,
    value: typed,
  });
  if (!answer.ok) return complain(answer.error, input);
  view.offers = answer.options ?? (answer.option_groups ?? []).flatMap((group) => group.options);
  view.at = 0;
  return show(view, view.offers.length ? null : "No results");
}

function show(view, words) {
  view.list.hidden = false;
  view.input.setAttribute("aria-expanded", "true");
  view.list.replaceChildren(
    ...(words
      ? [h("p", { class: "quiet" }, words)]
      : view.offers.map((offer, index) => row(view, offer, index))),
  );
  view.input.setAttribute("aria-activedescendant", `${view.list.id}-${view.at}`);
}

function row(view, offer, index) {
  const press = (event) => {
    event.preventDefault(); // keep the focus in the line
    take(view, offer);
  };
  return h(
    "div",
    {
      class: "option",
      role: "option",
      id: `${view.list.id}-${index}`,
      "aria-selected": String(index === view.at),
      data: { value: offer.value },
      on: { mousedown: press },
    },
    plain(offer.text),
  );
}

async function take(view, offer) {
  const before = view.chosen;
  view.chosen = offer;
  view.input.value = plain(offer.text);
  close(view);
  if (!view.place.dispatch || (await send(view.place, view.holder, view.element, offer.value))) return;
  view.chosen = before;
  view.input.value = plain(before?.text);
}

function onKey(event, view) {
  if (view.list.hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && view.offers.length) {
    view.at = (view.at + step + view.offers.length) % view.offers.length;
    show(view, null);
  } else if (event.key === "Enter" && view.offers.length) take(view, view.offers[view.at]);
  else if (event.key === "Escape") close(view);
  else return;
  event.preventDefault();
}

// What is typed but not taken is no choice: the line shows the choice again.
function close(view) {
  view.list.hidden = true;
  view.offers = [];
  view.input.setAttribute("aria-expanded", "false");
  view.input.removeAttribute("aria-activedescendant");
  if (document.activeElement !== view.input) view.input.value = plain(view.chosen?.text);
}

function withoutData({ data: _, ...rest }) {
  return rest;
}
