// The Requests panel: requests the workspace file offers, each with its fields, a Send button and the
// answer; and below them the faults the playground can play, and the blocks it can do without.

import { h, reconcile, uid } from "./dom.js";
import { icon } from "./icons.js";
import { whileBusy } from "./actions.js";
import { drawFaults } from "./faults.js";
import { drawRefused } from "./refused.js";
import { sendRequest } from "./server.js";
import { store, update } from "./state.js";

/** Wire the panel's toggle, close button and Escape once. */
export function startPanel(panel, toggle) {
  toggle.addEventListener("click", () => setOpen(!(store.side && !store.thread), panel, toggle));
  panel
    .querySelector("[data-testid=panel-close]")
    .addEventListener("click", () => setOpen(false, panel, toggle));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) setOpen(false, panel, toggle);
  });
}

function setOpen(side, panel, toggle) {
  update({ side, thread: side ? null : store.thread });
  if (side) panel.querySelector("button, input").focus();
  else toggle.focus();
}

/** Redraw the panel; it gives way to an open thread and comes back after it. */
export function drawPanel(panel, toggle) {
  const shown = store.side && !store.thread;
  panel.hidden = !shown;
  toggle.setAttribute("aria-expanded", String(shown));
  const requests = store.data.panel;
  panel.querySelector(".no-requests").hidden = requests.length > 0;
  reconcile(
    panel.querySelector(".requests"),
    requests.map((one) => ({
      key: String(one.index),
      sig: JSON.stringify(one),
      draw: () => drawRequest(one),
    })),
  );
  drawFaults(panel.querySelector(".faults"));
  drawRefused(panel.querySelector(".refused"));
}

function drawRequest(request) {
  const answer = h("div", { class: "answer", role: "status", data: { testid: "answer" } });
  const fields = request.fields.map(drawField);
  const button = h("button", { type: "submit", class: "button primary" }, "Send");
  const submit = (event) => {
    event.preventDefault();
    run(request, fields, button, answer);
  };
  const form = h(
    "form",
    { on: { submit } },
    request.description && h("p", { class: "hint" }, request.description),
    fields.map(({ node }) => node),
    h("div", { class: "row" }, button),
    answer,
  );
  return h(
    "details",
    { class: "request", data: { request: request.index }, open: request.index === 0 },
    h("summary", {}, h("span", {}, request.name), icon("chevron")),
    form,
  );
}

function drawField(field) {
  const id = uid("request");
  const props = { id, name: field.name, data: { field: field.name } };
  const input = fieldInput(field, props);
  return {
    name: field.name,
    input,
    node: h(
      "div",
      { class: "field" },
      h("label", { for: id, class: "label" }, field.label),
      field.options ? h("span", { class: "select" }, input, icon("chevron")) : input,
    ),
  };
}

function fieldInput(field, props) {
  const first = field.default ?? "";
  if (field.options)
    return h(
      "select",
      props,
      field.options.map((one) => h("option", { value: one, selected: one === first }, one)),
    );
  if (field.multiline) return h("textarea", { ...props, rows: 3 }, first);
  return h("input", { ...props, type: "text", value: first, autocomplete: "off" });
}

async function run(request, fields, button, answer) {
  if (button.getAttribute("aria-busy") === "true") return;
  const values = Object.fromEntries(fields.map(({ name, input }) => [name, input.value]));
  answer.replaceChildren();
  const { status, body, error } = await whileBusy(button, () => sendRequest(request.index, values));
  answer.replaceChildren(...(error ? [h("p", { class: "field-error" }, error)] : drawAnswer(status, body)));
  answer.scrollIntoView({ block: "nearest" });
}

function drawAnswer(status, body) {
  const fine = status >= 200 && status < 300;
  const mark = h(
    "span",
    { class: fine ? "status good" : "status bad", data: { testid: "answer-status" } },
    status ? String(status) : "No answer",
  );
  return [
    h("p", { class: "answer-head" }, mark, fine ? "accepted" : "not accepted"),
    h("pre", { tabindex: 0, "aria-label": "Body of the answer" }, pretty(body)),
  ];
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body || "(empty body)";
  }
}
