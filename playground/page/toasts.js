// Words for the person when something went wrong (or right): toasts at the edge of the page, or a
// banner inside the dialog that is open. A failure stays until it is dismissed.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** Tell the person that something failed, near the `node` they used. */
export function complain(words, node) {
  const dialog = node?.closest("dialog[open]");
  if (dialog) banner(dialog, words);
  else toast(words, "error");
}

/** A note at the edge of the page; notes of success leave by themselves. */
export function toast(words, kind = "info") {
  const area = document.getElementById("toasts");
  const sign = kind === "error" && icon("warn");
  const role = kind === "error" ? "alert" : "status";
  const note = h(
    "div",
    { class: `toast ${kind}`, role, data: { testid: "toast" } },
    sign,
    h("p", {}, unsigned(words)),
  );
  note.append(
    h(
      "button",
      {
        type: "button",
        class: "icon-button small",
        "aria-label": "Close this note",
        data: { testid: "toast-close" },
        on: { click: () => leave(note, area) },
      },
      icon("close"),
    ),
  );
  area.append(note);
  raise(area);
  if (kind !== "error") setTimeout(() => leave(note, area), 4000);
}

function leave(note, area) {
  note.remove();
  if (!area.childElementCount && area.matches(":popover-open")) area.hidePopover();
}

// Shown again each time, so that it lies above whatever opened since.
function raise(area) {
  if (area.matches(":popover-open")) area.hidePopover();
  area.showPopover();
}

/** An alert at the top of a dialog, one at a time. */
export function banner(dialog, words) {
  dialog.querySelector(".banner")?.remove();
  const note = h(
    "div",
    { class: "banner", role: "alert", data: { testid: "modal-alert" } },
    icon("warn"),
    h("p", {}, unsigned(words)),
  );
  dialog.querySelector(".dialog-body").prepend(note);
  note.scrollIntoView({ block: "nearest" });
}

// The sign stands beside the words already.
function unsigned(words) {
  return words.replace(/^⚠\s*/u, "");
}
