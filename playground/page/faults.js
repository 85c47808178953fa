// The faults control: make the playground answer a Web API method badly, so many times; see what is
// still to come; clear it all.

import { h, reconcile, uid } from "./dom.js";
import { icon } from "./icons.js";
import { whileBusy } from "./actions.js";
import { changeFaults } from "./server.js";
import { store } from "./state.js";
import { complain } from "./toasts.js";

const METHODS = [
  "*",
  "chat.postMessage",
  "chat.update",
  "chat.delete",
  "chat.postEphemeral",
  "chat.getPermalink",
  "conversations.open",
  "conversations.history",
  "conversations.replies",
  "users.info",
  "users.lookupByEmail",
  "views.open",
  "views.push",
  "views.update",
  "views.publish",
];
const KINDS = [
  ["rate_limited", "429 with Retry-After"],
  ["server_error", "500"],
  ["slow", "Slow answer"],
  ["drop_after_store", "Stored, then connection dropped"],
  ["error", "An error code…"],
];
const EXTRA = {
  rate_limited: ["retry_after", "Retry-After (s)", "number", 2],
  slow: ["seconds", "Seconds", "number", 5],
  error: ["code", "Error code", "text", "invalid_blocks"],
};

/** Redraw the section; what was chosen in the form stays. */
export function drawFaults(section) {
  if (!section.querySelector("form")) section.append(build());
  const faults = store.data.faults ?? [];
  section.querySelector(".no-faults").hidden = faults.length > 0;
  section.querySelector("[data-testid=clear-faults]").hidden = !faults.length;
  reconcile(
    section.querySelector(".fault-list"),
    faults.map((fault, index) => ({
      key: String(index),
      sig: JSON.stringify(fault),
      draw: () => drawFault(fault),
    })),
  );
}

function drawFault(fault) {
  const { method, kind, times } = fault;
  const [name, label] = EXTRA[kind] ?? [];
  const words = name ? `${kind}, ${label} ${fault[name]}` : kind;
  return h(
    "li",
    { data: { fault: method } },
    h("code", {}, method),
    ` ${words} `,
    h("span", { class: "quiet" }, `× ${times}`),
  );
}

function build() {
  const method = h(
    "select",
    { id: uid("fault"), data: { fault: "method" } },
    METHODS.map((one) =>
      h(
        "option",
        { value: one, selected: one === "chat.postMessage" },
        one === "*" ? "* (every method)" : one,
      ),
    ),
  );
  const kind = h(
    "select",
    { id: uid("fault"), data: { fault: "kind" } },
    KINDS.map(([value, label]) => h("option", { value }, label)),
  );
  const times = h("input", { id: uid("fault"), type: "number", min: 1, value: 1, data: { fault: "times" } });
  const extra = h("div", { class: "extra" });
  const showExtra = () => extra.replaceChildren(...extraField(kind.value));
  kind.addEventListener("change", showExtra);
  showExtra();
  const add = h("button", { type: "submit", class: "button" }, "Add fault");
  const clear = h(
    "button",
    {
      type: "button",
      class: "button",
      hidden: true,
      data: { testid: "clear-faults" },
      on: { click: () => change("DELETE", undefined, clear) },
    },
    "Clear all",
  );
  const submit = (event) => {
    event.preventDefault();
    change("POST", faultOf(method, kind, times, extra), add);
  };
  return h(
    "form",
    { novalidate: true, on: { submit } },
    labelled("Method", method),
    labelled("What goes wrong", kind),
    h("div", { class: "pair" }, labelled("How often", times), extra),
    h("div", { class: "row" }, add, clear),
  );
}

function labelled(label, input) {
  const shown = input.tagName === "SELECT" ? h("span", { class: "select" }, input, icon("chevron")) : input;
  return h("div", { class: "field" }, h("label", { for: input.id, class: "label" }, label), shown);
}

function extraField(kind) {
  if (!EXTRA[kind]) return [];
  const [name, label, type, value] = EXTRA[kind];
  return [
    labelled(
      label,
      h("input", { id: uid("fault"), type, value, min: type === "number" ? 0 : null, data: { fault: name } }),
    ),
  ];
}

function faultOf(method, kind, times, extra) {
  const input = extra.querySelector("input");
  const fault = { method: method.value, kind: kind.value, times: Number(times.value) };
  if (kind.value === "error") return { ...fault, kind: `error:${input.value.trim()}` };
  return input ? { ...fault, [input.dataset.fault]: Number(input.value) } : fault;
}

async function change(method, fault, button) {
  const error = await whileBusy(button, () => changeFaults(method, fault));
  if (error) complain(error, button);
}
