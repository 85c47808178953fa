// A pop-up menu under a button (overflow menus, "Act as"): arrow keys move, Escape closes, the focus
// goes back to the button.

import { h, moveFocus } from "./dom.js";

/** Open a menu of {label, run, description?, lead?, checked?, data?, href?} under `anchor`. */
export function openMenu(anchor, label, items) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" });
  menu.append(...items.map((item) => entry(menu, item)));
  menu.addEventListener("keydown", (event) => onKey(event, menu));
  menu.addEventListener("toggle", (event) => event.newState === "closed" && closed(menu, anchor));
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  (menu.querySelector("[aria-checked=true]") ?? menu.firstElementChild)?.focus();
}

function entry(menu, { label, description, lead, checked, data, href, run }) {
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  const pick = () => {
    menu.hidePopover();
    run();
  };
  const props = {
    class: "menu-item",
    role,
    tabindex: -1,
    "aria-checked": checked === undefined ? null : String(checked),
    data,
    on: { click: pick },
  };
  const words = h("span", {}, label, description && h("small", {}, description));
  return href
    ? h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, lead, words)
    : h("button", { ...props, type: "button" }, lead, words);
}

function onKey(event, menu) {
  if (moveFocus(event, () => [...menu.children])) return;
  if (event.key === "Tab") menu.hidePopover();
  if (event.key.length === 1 && event.key !== " ") jump(menu, event.key.toLowerCase());
}

function jump(menu, letter) {
  const items = [...menu.children];
  const from = items.indexOf(document.activeElement) + 1;
  const found = [...items.slice(from), ...items.slice(0, from)].find((item) =>
    item.textContent.trim().toLowerCase().startsWith(letter),
  );
  found?.focus();
}

function closed(menu, anchor) {
  const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
  menu.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (inside) anchor.focus();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + 4 + height <= innerHeight || at.top < height;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
}
