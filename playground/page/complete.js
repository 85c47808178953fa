// Completion above the composer: slash commands with their usage hint after "/", people after "@".
// Arrow keys choose, Enter or Tab takes, Escape closes.

import { h, uid } from "./dom.js";
import { avatar } from "./people.js";
import { nameOf, store } from "./state.js";

/** Completion for `area`; inThread offers no commands. Returns {list, update(), onKey(event)}. */
export function completion(area, inThread) {
  const list = h("div", {
    class: "completion",
    role: "listbox",
    id: uid("completion"),
    "aria-label": "Suggestions",
    hidden: true,
  });
  const view = { items: [], at: 0, closedFor: null };
  setUp(area, list);
  const show = () => draw(area, list, view, take);
  const take = (item) => {
    area.setRangeText(item.insert, item.from, area.selectionStart, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const update = () => {
    if (area.value !== view.closedFor) view.closedFor = null;
    view.items = view.closedFor === null ? suggestions(area, inThread) : [];
    view.at = 0;
    show();
  };
  area.addEventListener("blur", () => close(view, area, show));
  return { list, update, onKey: (event) => onKey(event, { area, view, show, take }) };
}

function setUp(area, list) {
  const props = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  };
  for (const [name, value] of Object.entries(props)) area.setAttribute(name, value);
}

/** How the command in `text` is used, as one line; empty for no known command. */
export function usageOf(text) {
  const name = text.match(/^(\/\S+)/)?.[1];
  const known = store.data.app.commands.find((one) => one.command === name);
  return known
    ? [`${known.command} ${known.usage_hint ?? ""}`.trim(), known.description].filter(Boolean).join(" — ")
    : "";
}

function suggestions(area, inThread) {
  const before = area.value.slice(0, area.selectionStart);
  if (!inThread && /^\/\S*$/.test(before)) return commands(before);
  const name = before.match(/(?:^|\s)@([\p{L}\p{N}._-]*)$/u)?.[1];
  return name === undefined ? [] : people(name.toLowerCase(), before.length - name.length);
}

function commands(typed) {
  const fitting = store.data.app.commands.filter((one) => one.command.startsWith(typed));
  return fitting.map((one) => ({
    insert: `${one.command} `,
    from: 0,
    exact: one.command === typed,
    title: one.command,
    hint: one.usage_hint,
    words: one.description,
    data: { command: one.command },
  }));
}

function people(typed, from) {
  const fits = (one) =>
    [one.name, ...nameOf(one.id).split(" ")].some((word) => word.toLowerCase().startsWith(typed));
  const found = store.data.people.filter(fits).slice(0, 8);
  return found.map((one) => ({
    insert: `${one.name} `,
    from,
    exact: false,
    title: nameOf(one.id),
    hint: `@${one.name}`,
    words: one.title,
    lead: avatar(one.id, "small"),
    data: { person: one.id },
  }));
}

function draw(area, list, { items, at }, take) {
  list.hidden = !items.length;
  list.replaceChildren(
    ...items.map((item, index) => option(item, index === at, `${list.id}-${index}`, take)),
  );
  area.setAttribute("aria-expanded", String(items.length > 0));
  if (items.length) area.setAttribute("aria-activedescendant", `${list.id}-${at}`);
  else area.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function option(item, selected, id, take) {
  const press = (event) => {
    event.preventDefault(); // keep the focus in the line
    take(item);
  };
  return h(
    "div",
    {
      class: "option",
      role: "option",
      id,
      "aria-selected": String(selected),
      data: item.data,
      on: { mousedown: press },
    },
    item.lead,
    h("strong", {}, item.title),
    item.hint && h("code", {}, item.hint),
    item.words && h("span", { class: "quiet" }, item.words),
  );
}

function onKey(event, { area, view, show, take }) {
  if (!view.items.length) return false;
  const chosen = view.items[view.at];
  if (event.key === "ArrowDown" || event.key === "ArrowUp")
    move(view, event.key === "ArrowDown" ? 1 : -1, show);
  else if (event.key === "Escape") close(view, area, show);
  else if (event.key === "Tab" || (event.key === "Enter" && !chosen.exact)) take(chosen);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function move(view, step, show) {
  view.at = (view.at + step + view.items.length) % view.items.length;
  show();
}

function close(view, area, show) {
  view.closedFor = area.value;
  view.items = [];
  show();
}
