// Elements a person types into: text, number, e-mail, URL, date, time, date with time.

import { h } from "./dom.js";
import { control } from "./controls.js";
import { pickerTime, unixTime } from "./dates.js";
import { send } from "./actions.js";
import { plain } from "./text.js";

const PAUSE = 400; // ms without a key before on_character_entered is sent

/** plain_text_input, one line or many. */
export function drawTextInput(element, place) {
  const props = { ...place.field, placeholder: plain(element.placeholder), "aria-label": place.label };
  const node = element.multiline
    ? h("textarea", { ...props, rows: 4 }, element.initial_value ?? "")
    : h("input", { ...props, type: "text", value: element.initial_value, autocomplete: "off" });
  control(node, { read: () => node.value || null, write: (value) => setValue(node, value) });
  if (element.focus_on_load) node.dataset.focus = "";
  if (place.dispatch) dispatchTyped(element, place, node);
  return node;
}

/** email_text_input, url_text_input, number_input. */
export function drawTypedInput(element, place) {
  const type = { email_text_input: "email", url_text_input: "url", number_input: "number" }[element.type];
  const step = type === "number" ? (element.is_decimal_allowed ? "any" : "1") : null;
  const node = h("input", {
    ...place.field,
    type,
    step,
    value: element.initial_value,
    min: element.min_value,
    max: element.max_value,
    placeholder: plain(element.placeholder),
    autocomplete: "off",
  });
  control(node, { read: () => node.value || null, write: (value) => setValue(node, value) });
  if (place.dispatch) dispatchTyped(element, place, node);
  return node;
}

/** datepicker and timepicker: values "YYYY-MM-DD" and "HH:MM". */
export function drawDateOrTime(element, place) {
  const date = element.type === "datepicker";
  const value = date ? element.initial_date : element.initial_time;
  return picker(
    element,
    place,
    h("input", {
      ...place.field,
      type: date ? "date" : "time",
      value,
      "aria-label": place.label ?? (plain(element.placeholder) || (date ? "Date" : "Time")),
    }),
    (text) => text || null,
  );
}

/** datetimepicker: the value is a Unix time. */
export function drawDateTime(element, place) {
  const value = element.initial_date_time && pickerTime(element.initial_date_time);
  const node = h("input", {
    ...place.field,
    type: "datetime-local",
    value,
    "aria-label": place.label ?? "Date and time",
  });
  return picker(element, place, node, (text) => (text ? unixTime(text) : null), pickerTime);
}

function picker(element, place, node, parse, format = (value) => value) {
  control(node, { read: () => parse(node.value), write: (value) => setValue(node, value && format(value)) });
  let before = node.value;
  node.addEventListener("change", async () => {
    if (!place.dispatch || !node.value) return;
    if (!(await send(place, node, element, parse(node.value)))) node.value = before;
    before = node.value;
  });
  return node;
}

function setValue(node, value) {
  node.value = value ?? "";
}

function dispatchTyped(element, place, node) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const go = () => send(place, node, element, node.value);
  if (when.includes("on_enter_pressed")) node.addEventListener("keydown", (event) => onEnter(event, go));
  if (!when.includes("on_character_entered")) return;
  let timer;
  node.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(go, PAUSE);
  });
}

function onEnter(event, go) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  go();
}
