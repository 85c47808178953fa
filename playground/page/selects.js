// Elements that choose: selects (one or many), radio buttons and checkboxes.

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { control } from "./controls.js";
import { send } from "./actions.js";
import { nameOf, person, store, titleOf } from "./state.js";
import { drawText, plain } from "./text.js";

const SOURCES = {
  static: (element) =>
    (element.option_groups ?? [{ options: element.options }]).map((group) => ({
      label: plain(group.label),
      choices: group.options.map((one) => ({ label: plain(one.text), value: one.value })),
    })),
  users: (element) => [{ label: "", choices: people(element) }],
  channels: () => [{ label: "", choices: rooms({ include: ["public"] }) }],
  conversations: (element) => [{ label: "", choices: rooms(element.filter ?? {}) }],
};
const INITIAL = { users: "initial_user", channels: "initial_channel", conversations: "initial_conversation" };

// Somebody deactivated cannot be chosen, only be the choice there was.
function people(element) {
  const first = [element.initial_user, element.initial_users].flat();
  return store.data.people
    .filter((one) => !one.deactivated || first.includes(one.id))
    .map((one) => ({ label: nameOf(one.id), value: one.id }));
}

// Slack's filter of conversations; the only direct messages here are those with the app.
function rooms({ include, exclude_bot_users }) {
  const seen = store.data.channels.filter(
    (one) =>
      !one.archived &&
      (!include?.length || include.includes(kindOf(one))) &&
      !(exclude_bot_users && one.kind === "dm" && person(one.with).is_bot),
  );
  return seen.map((one) => ({ label: titleOf(one), value: one.id }));
}

function kindOf(one) {
  if (one.kind === "dm") return "im";
  return one.private ? "private" : "public";
}

// What is chosen before anybody touches it; where a modal was opened counts only if it can be chosen.
function atFirst(kind, element, place, groups) {
  if (kind === "static") return element.initial_option?.value;
  const given = element[INITIAL[kind]];
  if (given || !element.default_to_current_conversation) return given;
  const here = place.surface.channel;
  return groups[0].choices.some((one) => one.value === here) ? here : undefined;
}

/** static_select, users_select, channels_select, conversations_select. */
export function drawSelect(element, place) {
  const kind = element.type.replace("_select", "");
  const groups = SOURCES[kind](element);
  const chosen = atFirst(kind, element, place, groups);
  const select = h(
    "select",
    { ...place.field, "aria-label": place.label ?? plain(element.placeholder) },
    nothing(element, place, chosen),
    groups.map((group) => optionGroup(group, chosen)),
  );
  let before = chosen ?? "";
  control(select, { read: () => select.value || null, write: (value) => setIfOffered(select, value) });
  select.addEventListener("change", async () => {
    if (place.dispatch && !(await send(place, select, element, select.value))) select.value = before;
    before = select.value;
  });
  return h("span", { class: "select" }, select, icon("chevron"));
}

function setIfOffered(select, value) {
  if ([...select.options].some((option) => option.value === (value ?? ""))) select.value = value ?? "";
}

function nothing(element, place, chosen) {
  const words = plain(element.placeholder) || "Choose…";
  return h(
    "option",
    { value: "", selected: !chosen, disabled: !place.optional, hidden: !place.optional },
    words,
  );
}

function optionGroup({ label, choices }, chosen) {
  const options = choices.map((one) =>
    h("option", { value: one.value, selected: one.value === chosen }, one.label),
  );
  return label ? h("optgroup", { label }, options) : options;
}

/** multi_static_select, multi_users_select, multi_channels_select, multi_conversations_select. */
export function drawMultiSelect(element, place) {
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const first =
    kind === "static"
      ? (element.initial_options ?? []).map((one) => one.value)
      : (element[`${INITIAL[kind]}s`] ?? []);
  const groups = SOURCES[kind](element);
  const summary = h("summary", { id: place.field.id }, h("span", { class: "chips" }), icon("chevron"));
  const holder = h(
    "details",
    { class: "multi", ...withoutId(place.field), role: "group" },
    summary,
    h(
      "div",
      { class: "multi-list" },
      groups.map((group) => tickGroup(group, first, element)),
    ),
  );
  const boxes = [...holder.querySelectorAll("input")];
  const read = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const show = () => summary.firstChild.replaceChildren(...chips(boxes, element));
  control(holder, { read, write: (values) => setTicks(boxes, values, show) });
  holder.addEventListener("change", show);
  onClose(holder, read, (values) => place.dispatch && send(place, holder, element, values));
  show();
  return holder;
}

function tickGroup({ label, choices }, first, element) {
  const ticks = choices.map((one) =>
    h(
      "label",
      {},
      h("input", { type: "checkbox", value: one.value, checked: first.includes(one.value) }),
      h("span", {}, one.label),
    ),
  );
  return h(
    "div",
    { role: "group", "aria-label": label || plain(element.placeholder) || "Options" },
    label && h("div", { class: "group-label" }, label),
    ticks,
  );
}

function chips(boxes, element) {
  const chosen = boxes
    .filter((box) => box.checked)
    .map((box) => h("span", { class: "chip" }, box.nextSibling.textContent));
  return chosen.length
    ? chosen
    : [h("span", { class: "placeholder" }, plain(element.placeholder) || "Choose…")];
}

// The choice is sent when the list closes, not at each tick; Escape and a click elsewhere close it.
function onClose(details, read, done) {
  let before = JSON.stringify(read());
  const outside = (event) => {
    if (!details.contains(event.target)) details.open = false;
  };
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.preventDefault();
    details.open = false;
    details.querySelector("summary").focus();
  });
  details.addEventListener("toggle", () => {
    document[details.open ? "addEventListener" : "removeEventListener"]("click", outside);
    if (details.open || JSON.stringify(read()) === before) return;
    before = JSON.stringify(read());
    done(read());
  });
}

/** radio_buttons and checkboxes, each option with its description. */
export function drawTicks(element, place) {
  const many = element.type === "checkboxes";
  const first = many
    ? (element.initial_options ?? []).map((one) => one.value)
    : [element.initial_option?.value];
  const name = uid("ticks");
  const holder = h("div", {
    class: "ticks",
    ...withoutId(place.field),
    role: many ? "group" : "radiogroup",
    "aria-label": place.label,
  });
  const boxes = element.options.map((one) =>
    h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: one.value,
      checked: first.includes(one.value),
    }),
  );
  holder.append(...element.options.map((one, index) => tick(one, boxes[index])));
  const values = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const read = () => (many ? values() : (values()[0] ?? null));
  control(holder, { read, write: (value) => setTicks(boxes, [value].flat()) });
  if (place.dispatch) sendTicks(holder, element, place, boxes, read);
  return holder;
}

function sendTicks(holder, element, place, boxes, read) {
  let before = [read()].flat();
  holder.addEventListener("change", async () => {
    const sent = await send(place, holder, element, read());
    if (!sent && element.confirm) setTicks(boxes, before);
    before = [read()].flat();
  });
}

function tick(option, box) {
  const words = h(
    "span",
    {},
    drawText(option.text),
    option.description && h("small", {}, drawText(option.description)),
  );
  return h("label", {}, box, words);
}

function setTicks(boxes, values, show = () => {}) {
  for (const box of boxes) box.checked = values.includes(box.value);
  show();
}

function withoutId({ id: _, ...rest }) {
  return rest;
}
