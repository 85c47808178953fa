// People and their accounts: the list in the sidebar with everybody's status, and the menu that sets
// a status or deactivates an account, for a tab that acts as anybody.

import { h, reconcile, uid } from "./dom.js";
import { icon } from "./icons.js";
import { whileBusy } from "./actions.js";
import { formatDate, now } from "./dates.js";
import { emoji } from "./emoji.js";
import { openMenu } from "./menu.js";
import { avatar } from "./people.js";
import { act } from "./server.js";
import { nameOf, person, store } from "./state.js";
import { banner, complain } from "./toasts.js";

const AGREED = [
  ["In a meeting", ":spiral_calendar_pad:"],
  ["Commuting", ":bus:"],
  ["Out sick", ":face_with_thermometer:"],
  ["On holiday", ":palm_tree:"],
  ["Working remotely", ":house_with_garden:"],
];
const HOUR = 3600;
const LASTS = [
  ["Don't clear", 0],
  ["1 hour", HOUR],
  ["4 hours", 4 * HOUR],
  ["1 day", 24 * HOUR],
  ["1 week", 168 * HOUR],
];

/** Redraw the list of people. */
export function drawPeople(list) {
  const people = store.data.people.filter((one) => !one.is_bot);
  reconcile(
    list,
    people.map((one) => ({ key: one.id, sig: JSON.stringify(one), draw: () => h("li", {}, entry(one)) })),
  );
}

function entry(one) {
  return h(
    "button",
    {
      type: "button",
      class: one.deactivated ? "place gone" : "place",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { account: one.id },
      on: { click: (event) => openAccount(event.currentTarget, one) },
    },
    avatar(one.id, "small"),
    h("span", { class: "place-name" }, nameOf(one.id)),
    one.deactivated ? h("small", {}, "deactivated") : statusMark(one.id),
  );
}

/** The emoji of a person's status, its words as a tooltip; nothing for no status. */
export function statusMark(id) {
  const status = person(id).status;
  if (!status?.emoji) return null;
  const sign = emoji(status.emoji.slice(1, -1)) ?? status.emoji;
  const title = [sign, status.text].filter(Boolean).join(" ");
  return h(
    "span",
    { class: "status-mark", role: "img", "aria-label": status.text || status.emoji, title },
    sign,
  );
}

function openAccount(anchor, one) {
  const change = (type) => async () => tell(anchor, await act({ type, person: one.id }));
  const set = one.status.text || one.status.emoji;
  const items = [
    {
      label: "Set a status…",
      description: words(one.status),
      data: { account: "status" },
      run: () => ask(one),
    },
    set && {
      label: "Clear status",
      data: { account: "clear" },
      run: async () => tell(anchor, await send(one, {})),
    },
    one.deactivated
      ? { label: "Reactivate account", data: { account: "reactivate" }, run: change("reactivate") }
      : { label: "Deactivate account", data: { account: "deactivate" }, run: change("deactivate") },
  ];
  openMenu(anchor, `Account of ${nameOf(one.id)}`, items.filter(Boolean));
}

function words({ text, emoji: code, expiration }) {
  if (!text && !code) return "";
  return `${text || code}${expiration ? ` until ${formatDate(expiration, "{time}, {date_short_pretty}")}` : ""}`;
}

function tell(anchor, answer) {
  if (!answer.ok) complain(answer.error, anchor);
}

function send(one, status) {
  return act({ type: "set_status", person: one.id, status });
}

function ask(one) {
  const opener = document.activeElement;
  const dialog = statusDialog(one);
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function statusDialog(one) {
  const [title, offered] = [uid("status-title"), uid("status-offered")];
  const text = h("input", {
    id: uid("status"),
    type: "text",
    maxlength: 100,
    autocomplete: "off",
    list: offered,
  });
  const code = h("input", {
    id: uid("status"),
    type: "text",
    autocomplete: "off",
    placeholder: ":palm_tree:",
  });
  const lasts = h(
    "select",
    { id: uid("status") },
    LASTS.map(([label, value]) => h("option", { value }, label)),
  );
  text.value = one.status.text;
  code.value = one.status.emoji;
  text.addEventListener("input", () => {
    const known = AGREED.find(([label]) => label === text.value);
    if (known) [, code.value] = known;
  });
  const dialog = h("dialog", { class: "dialog modal", "aria-labelledby": title, data: { testid: "status" } });
  const save = h("button", { type: "submit", class: "button primary" }, "Save");
  const submit = async (event) => {
    event.preventDefault();
    const expiration = Number(lasts.value) && Math.floor(now() / 1000) + Number(lasts.value);
    const status = { text: text.value.trim(), emoji: code.value.trim(), expiration };
    const answer = await whileBusy(save, () => send(one, status));
    if (answer.ok) dialog.close();
    else banner(dialog, answer.error);
  };
  const fields = [labelled("Status", text), labelled("Emoji", code), labelled("Clear after", lasts)];
  const cancel = h(
    "button",
    { type: "button", class: "button", on: { click: () => dialog.close() } },
    "Cancel",
  );
  dialog.append(
    h(
      "form",
      { novalidate: true, on: { submit } },
      h("header", { class: "dialog-head" }, h("h2", { id: title }, `Status of ${nameOf(one.id)}`)),
      h("div", { class: "dialog-body fields-below" }, fields, options(offered)),
      h("footer", { class: "dialog-foot" }, cancel, save),
    ),
  );
  return dialog;
}

function options(id) {
  return h(
    "datalist",
    { id },
    AGREED.map(([label]) => h("option", { value: label })),
  );
}

function labelled(label, input) {
  const shown = input.tagName === "SELECT" ? h("span", { class: "select" }, input, icon("chevron")) : input;
  return h("div", { class: "field" }, h("label", { for: input.id, class: "label" }, label), shown);
}
