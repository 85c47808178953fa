// One interactive element of Block Kit → one node: buttons, overflow menus and images here, the ones
// that choose in selects.js, the ones that take typing in inputs.js.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { send } from "./actions.js";
import { drawDateOrTime, drawDateTime, drawTextInput, drawTypedInput } from "./inputs.js";
import { openMenu } from "./menu.js";
import { drawExternal } from "./external.js";
import { drawMultiSelect, drawSelect, drawTicks } from "./selects.js";
import { drawText, plain } from "./text.js";
import { cannotDraw } from "./undrawn.js";
import { picture } from "./picture.js";

const DRAW = {
  button: drawButton,
  overflow: drawOverflow,
  image: (element) => picture(element, "thumb"),
  static_select: drawSelect,
  users_select: drawSelect,
  channels_select: drawSelect,
  conversations_select: drawSelect,
  external_select: drawExternal,
  multi_static_select: drawMultiSelect,
  multi_users_select: drawMultiSelect,
  multi_channels_select: drawMultiSelect,
  multi_conversations_select: drawMultiSelect,
  radio_buttons: drawTicks,
  checkboxes: drawTicks,
  plain_text_input: drawTextInput,
  email_text_input: drawTypedInput,
  url_text_input: drawTypedInput,
  number_input: drawTypedInput,
  datepicker: drawDateOrTime,
  timepicker: drawDateOrTime,
  datetimepicker: drawDateTime,
};

/**
 * Draw an element. place: {surface, blockId, dispatch (send at once), optional, label?, field? (id and
 * aria attributes from the input block around it)}.
 */
export function drawElement(element, place) {
  const draw = DRAW[element.type];
  if (!draw) return cannotDraw(element.type);
  const field = { ...place.field, data: { actionId: element.action_id, blockId: place.blockId } };
  return draw(element, { ...place, field });
}

function drawButton(element, place) {
  const style = { primary: "button primary", danger: "button danger" }[element.style] ?? "button";
  const props = { ...place.field, class: style, "aria-label": element.accessibility_label };
  const click = (event) => send(place, event.currentTarget, element, null);
  if (!element.url) return h("button", { ...props, type: "button", on: { click } }, drawText(element.text));
  return h(
    "a",
    { ...props, href: safeUrl(element.url), target: "_blank", rel: "noopener noreferrer", on: { click } },
    drawText(element.text),
  );
}

function drawOverflow(element, place) {
  const button = h(
    "button",
    {
      ...place.field,
      type: "button",
      class: "icon-button outlined",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    },
    icon("more"),
  );
  const items = element.options.map((option) => ({
    label: plain(option.text),
    description: plain(option.description),
    data: { value: option.value },
    href: option.url && safeUrl(option.url),
    run: () => send(place, button, element, option.value),
  }));
  button.addEventListener("click", () => openMenu(button, "More actions", items));
  return button;
}

function safeUrl(url) {
  return /^(https?|mailto|tel|slack):/i.test(url) ? url : null;
}
