// The table and data_table blocks. A data_table is sorted by its headings and turned page by page;
// both keep the choice while the message stays the same.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { richText } from "./richtext.js";
import { cannotDraw } from "./undrawn.js";

const CELLS = {
  raw_text: (cell) => cell.text,
  raw_number: (cell) => cell.text ?? String(cell.value),
  rich_text: (cell) => richText(cell),
};

/** A table block: first row as headings, alignment and wrapping from column_settings. */
export function drawTable(block) {
  const settings = block.column_settings ?? [];
  const [head, ...body] = block.rows;
  const row = (cells, tag) =>
    h(
      "tr",
      {},
      cells.map((cell, column) => drawCell(tag, cell, { ...settings[column], scope: "col" })),
    );
  const table = h(
    "table",
    {},
    h("thead", {}, row(head, "th")),
    h(
      "tbody",
      {},
      body.map((cells) => row(cells, "td")),
    ),
  );
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "Table" }, table);
}

/** A data_table block: caption, sortable headings, pages of page_size rows. */
export function drawDataTable(block) {
  const view = { page: 0, column: null, down: false };
  const holder = h("div", { class: "data-table" });
  const show = (change) => {
    Object.assign(view, change);
    holder.replaceChildren(dataTable(block, view, show), pager(block, view, show));
  };
  show({});
  return holder;
}

function dataTable(block, view, show) {
  const [head, ...body] = block.rows;
  const size = pageSize(block);
  const rows = sorted(body, view).slice(view.page * size, (view.page + 1) * size);
  const table = h(
    "table",
    {},
    h("caption", {}, block.caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((cell, column) => heading(block, cell, column, view, show)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((cells) => bodyRow(block, cells)),
    ),
  );
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": block.caption }, table);
}

function bodyRow(block, cells) {
  const main = block.row_header_column_index ?? 0;
  const settings = (column) => ({ scope: "row", align: ofNumbers(block, column) && "right" });
  return h(
    "tr",
    {},
    cells.map((cell, column) => drawCell(column === main ? "th" : "td", cell, settings(column))),
  );
}

function ofNumbers(block, column) {
  return block.rows.some((cells) => cells[column]?.type === "raw_number");
}

function heading(block, cell, column, view, show) {
  const active = view.column === column;
  const sort = () => {
    show({ column, down: active && !view.down, page: 0 });
  };
  const label = h(
    "button",
    {
      type: "button",
      class: "sort",
      data: { column },
      on: { click: (event) => keepFocus(event, column, sort) },
    },
    CELLS[cell.type]?.(cell),
    h(
      "span",
      { class: active ? "arrow on" : "arrow", "aria-hidden": "true" },
      active && view.down ? "↓" : "↑",
    ),
  );
  const numeric = ofNumbers(block, column);
  return h(
    "th",
    {
      class: numeric ? "number" : null,
      scope: "col",
      "aria-sort": active ? (view.down ? "descending" : "ascending") : "none",
    },
    label,
  );
}

function keepFocus(event, column, sort) {
  const holder = event.currentTarget.closest(".data-table");
  sort();
  holder.querySelector(`.sort[data-column="${column}"]`).focus();
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const order = (a, b) => compare(a[column], b[column]) * (down ? -1 : 1);
  return [...rows].sort(order);
}

function compare(a, b) {
  if (a.type === "raw_number" && b.type === "raw_number") return a.value - b.value;
  return words(a).localeCompare(words(b), undefined, { numeric: true });
}

function words(cell) {
  return drawCell("td", cell, {}).textContent;
}

function pager(block, view, show) {
  const rows = block.rows.length - 1;
  const size = pageSize(block);
  const pages = Math.ceil(rows / size);
  if (pages < 2) return "";
  const last = Math.min(rows, (view.page + 1) * size);
  const turn = (label, name, to) =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": label,
        disabled: to < 0 || to >= pages,
        on: { click: () => show({ page: to }) },
      },
      icon(name),
    );
  return h(
    "div",
    { class: "pager" },
    turn("Previous page", "left", view.page - 1),
    h("span", { role: "status" }, `${view.page * size + 1}–${last} of ${rows}`),
    turn("Next page", "right", view.page + 1),
  );
}

function pageSize(block) {
  return block.page_size ?? 5;
}

function drawCell(tag, cell, settings) {
  const classes = [
    settings.align ? `align-${settings.align}` : cell.type === "raw_number" && "number",
    settings.is_wrapped === false && "nowrap",
  ];
  const content = CELLS[cell.type]?.(cell) ?? cannotDraw(cell.type);
  return h(
    tag,
    { class: classes.filter(Boolean).join(" ") || null, scope: tag === "th" ? settings.scope : null },
    h("div", { class: "cell" }, content),
  );
}
