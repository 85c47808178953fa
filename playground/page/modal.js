// The stack of modals an app opened: one dialog per view, the last on top. Field errors stand at
// their field; what was typed survives updates; the focus goes in, and back where it came from.

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { whileBusy } from "./actions.js";
import { syncBlocks } from "./blocks.js";
import { collect } from "./controls.js";
import { act } from "./server.js";
import { store } from "./state.js";
import { drawText, plain } from "./text.js";
import { banner } from "./toasts.js";

const open = new Map(); // view id → {dialog, view, back}

/** Bring the dialogs in line with the person's stack of views. */
export function drawModals() {
  const ids = store.data.modals.map((view) => view.id);
  for (const id of [...open.keys()].reverse()) if (!ids.includes(id)) remove(id);
  for (const view of store.data.modals) show(view);
  ids.forEach((id, index) => open.get(id).dialog.classList.toggle("beneath", index < ids.length - 1));
}

function show(view) {
  const fresh = !open.has(view.id);
  const entry = open.get(view.id) ?? { dialog: frame(view.id), back: wayBack() };
  const changed = JSON.stringify(entry.view) !== JSON.stringify(view);
  entry.view = view;
  open.set(view.id, entry);
  if (changed) drawView(entry);
  if (!fresh) return;
  document.body.append(entry.dialog);
  entry.dialog.showModal();
  firstField(entry.dialog)?.focus();
}

function frame(id) {
  const title = uid("modal-title");
  const dialog = h("dialog", {
    class: "dialog modal",
    "aria-labelledby": title,
    data: { viewId: id, testid: "modal", surface: "view" },
  });
  const leave = () => close(id, true);
  const form = h(
    "form",
    { novalidate: true, on: { submit: (event) => submit(event, id) } },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id: title }),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close",
          data: { testid: "modal-x" },
          on: { click: leave },
        },
        icon("close"),
      ),
    ),
    h("div", { class: "dialog-body" }, h("div", { class: "blocks" })),
    h("footer", { class: "dialog-foot" }),
  );
  dialog.append(form);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("keydown", (event) => onKey(event, id));
  return dialog;
}

function drawView({ dialog, view }) {
  dialog.dataset.callbackId = view.callback_id ?? "";
  dialog.querySelector("h2").replaceChildren(drawText(view.title));
  syncBlocks(dialog.querySelector(".blocks"), view.blocks, { origin: { view_id: view.id }, channel: view.channel });
  drawFoot(dialog.querySelector(".dialog-foot"), view);
}

function drawFoot(foot, view) {
  const words = plain(view.close) || (view.submit ? "Cancel" : "Close");
  const sig = JSON.stringify([words, view.submit, view.submit_disabled]);
  if (foot.dataset.sig === sig) return;
  foot.dataset.sig = sig;
  const leave = h(
    "button",
    {
      type: "button",
      class: "button",
      data: { testid: "modal-close" },
      on: { click: () => close(view.id, false) },
    },
    words,
  );
  const send =
    view.submit &&
    h(
      "button",
      {
        type: "submit",
        class: "button primary",
        disabled: view.submit_disabled,
        data: { testid: "modal-submit" },
      },
      drawText(view.submit),
    );
  foot.replaceChildren(...[leave, send].filter(Boolean));
}

function firstField(dialog) {
  return (
    dialog.querySelector("[data-focus]") ??
    dialog.querySelector(".dialog-body :is(input, select, textarea, summary)") ??
    dialog.querySelector(".dialog-foot .primary, .dialog-foot button")
  );
}

// Escape closes the top view only; menus and open lists inside it take the key first.
function onKey(event, id) {
  if (event.key !== "Escape" || event.defaultPrevented || event.target.closest("[popover]")) return;
  event.preventDefault();
  close(id, false);
}

async function close(id, clear) {
  const { dialog } = open.get(id);
  const answer = await act({ type: "view_closed", view_id: id, clear, state: collect(dialog) });
  if (!answer.ok) banner(dialog, answer.error);
}

async function submit(event, id) {
  event.preventDefault();
  const { dialog } = open.get(id);
  const button = dialog.querySelector("[data-testid=modal-submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  showErrors(dialog, {});
  const answer = await whileBusy(button, () =>
    act({ type: "view_submission", view_id: id, state: collect(dialog) }),
  );
  if (answer.errors) showErrors(dialog, answer.errors);
  else if (!answer.ok) banner(dialog, answer.error);
}

function showErrors(dialog, errors) {
  dialog.querySelector(".banner")?.remove();
  const lost = [];
  for (const slot of dialog.querySelectorAll(".field-error")) setError(slot, null);
  for (const [blockId, words] of Object.entries(errors)) {
    const slot = dialog.querySelector(`.block[data-block-id="${CSS.escape(blockId)}"] .field-error`);
    if (slot) setError(slot, words);
    else lost.push(`${blockId}: ${words}`);
  }
  if (lost.length) banner(dialog, `The app named errors for fields that are not here. ${lost.join(" · ")}`);
  dialog.querySelector("[aria-invalid=true]")?.focus();
}

function setError(slot, words) {
  slot.textContent = words ?? "";
  slot.hidden = !words;
  const field = slot.closest(".block").querySelector("input, select, textarea, summary");
  if (words) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
  slot.closest(".block").classList.toggle("invalid", Boolean(words));
}

function remove(id) {
  const { dialog, back } = open.get(id);
  open.delete(id);
  dialog.close();
  dialog.remove();
  back()?.focus();
}

// Where the focus returns: the element that had it, or its message when that was redrawn meanwhile.
function wayBack() {
  const opener = document.activeElement;
  const ts = opener?.closest(".message")?.dataset.ts;
  const message = () => ts && document.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`);
  return () =>
    opener?.isConnected && opener !== document.body
      ? opener
      : message() || document.querySelector("#composer textarea");
}
