// Draws the blocks of a message, modal or Home tab. What it cannot draw gets a visible mark.

import { focusKey, h, reconcile, restoreFocus, uid } from "./dom.js";
import { icon } from "./icons.js";
import { drawChart } from "./chart.js";
import { carry } from "./controls.js";
import { times } from "./dates.js";
import { drawElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { picture } from "./picture.js";
import { richText } from "./richtext.js";
import { drawDataTable, drawTable } from "./table.js";
import { drawText, plain } from "./text.js";
import { cannotDraw } from "./undrawn.js";

const DRAW = {
  header: (block) => h("div", { role: "heading", "aria-level": 3, class: "headline" }, drawText(block.text)),
  section: drawSection,
  context: drawContext,
  actions: drawActions,
  divider: () => h("hr"),
  image: drawImage,
  rich_text: (block) => h("div", { class: "rich" }, richText(block)),
  input: drawInput,
  markdown: (block) => h("div", { class: "rich" }, markdown(block.text)),
  table: drawTable,
  data_table: drawDataTable,
  data_visualization: drawChart,
  container: drawContainer,
};

/** Blocks as nodes. surface: {origin: the fields of an action that say where it happened, channel: where a modal was opened}. */
export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}

/** Bring `parent` up to date with the blocks of a view; blocks that did not change stay untouched. */
export function syncBlocks(parent, blocks, surface) {
  const items = blocks.map((block, index) => ({
    key: block.block_id ?? `#${index}`,
    sig: JSON.stringify([block, times()]),
    draw: () => drawBlock(block, surface),
  }));
  const focus = focusKey(parent);
  reconcile(parent, items, carry);
  restoreFocus(parent, focus); // an app that names no block_id gets new ones at each update
}

function drawBlock(block, surface) {
  const content = DRAW[block.type]?.(block, surface) ?? cannotDraw(block.type);
  return h(
    "div",
    { class: `block ${block.type}`, data: { blockId: block.block_id, blockType: block.type } },
    content,
  );
}

function drawSection(block, surface) {
  const place = { surface, blockId: block.block_id, dispatch: true, label: null };
  const words = [
    block.text && h("div", { class: "text" }, drawText(block.text)),
    block.fields &&
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", { class: "text" }, drawText(field))),
      ),
  ];
  if (!block.accessory) return words;
  return h(
    "div",
    { class: "with-accessory" },
    h("div", { class: "words" }, words),
    h("div", { class: "accessory" }, drawElement(block.accessory, place)),
  );
}

function drawContext(block) {
  return block.elements.map((one) =>
    one.type === "image" ? picture(one, "tiny") : h("span", { class: "text" }, drawText(one)),
  );
}

function drawActions(block, surface) {
  const place = { surface, blockId: block.block_id, dispatch: true };
  return h(
    "div",
    { class: "row", role: "group", "aria-label": "Actions" },
    block.elements.map((one) => drawElement(one, place)),
  );
}

function drawImage(block) {
  return h("figure", {}, block.title && h("figcaption", {}, drawText(block.title)), picture(block, "large"));
}

const GROUPS = ["radio_buttons", "checkboxes"];

function drawInput(block, surface) {
  const [id, label, hint, error] = ["field", "label", "hint", "error"].map(uid);
  const group = GROUPS.includes(block.element.type);
  const field = {
    id,
    "aria-labelledby": label,
    "aria-describedby": `${hint} ${error}`,
    "aria-required": block.optional || group ? null : "true",
  };
  const place = {
    surface,
    blockId: block.block_id,
    dispatch: block.dispatch_action === true,
    optional: block.optional === true,
    field,
  };
  return [
    h(
      group ? "span" : "label",
      { id: label, for: group ? null : id, class: "label" },
      drawText(block.label),
      block.optional && h("span", { class: "optional" }, " (optional)"),
    ),
    drawElement(block.element, place),
    block.hint ? h("p", { id: hint, class: "hint" }, drawText(block.hint)) : "",
    h("p", { id: error, class: "field-error", hidden: true, data: { testid: "field-error" } }),
  ];
}

function drawContainer(block, surface) {
  const title = h(
    "span",
    { class: "container-title" },
    block.rich_text_title ? richText(block.rich_text_title) : plain(block.title),
  );
  const subtitle = block.subtitle && h("span", { class: "container-subtitle" }, drawText(block.subtitle));
  const head = [
    block.icon && picture(block.icon, "tiny"),
    h("span", { class: "container-words" }, title, subtitle),
  ];
  const body = h("div", { class: "container-body" }, drawBlocks(block.child_blocks, surface));
  const classes = `frame width-${block.width ?? "standard"}${block.has_header_divider ? " divided" : ""}`;
  if (!block.is_collapsible)
    return h("section", { class: classes }, h("div", { class: "container-head" }, head), body);
  return h(
    "details",
    { class: classes, open: !block.default_collapsed },
    h("summary", { class: "container-head" }, head, icon("chevron")),
    body,
  );
}
