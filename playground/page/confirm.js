// Slack's confirm object as a small modal dialog: asks before an action is sent.

import { h, uid } from "./dom.js";
import { drawText } from "./text.js";

/** Ask; resolves to true when the person confirms. Escape and the deny button mean no. */
export function confirmed(ask) {
  const opener = document.activeElement;
  return new Promise((resolve) => {
    const dialog = build(ask);
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function build(ask) {
  const [title, text] = [uid("confirm-title"), uid("confirm-text")];
  const answer = (value) => (event) => event.currentTarget.closest("dialog").close(value);
  const style = ask.style === "danger" ? "button danger solid" : "button primary";
  return h(
    "dialog",
    {
      class: "dialog confirm",
      role: "alertdialog",
      "aria-labelledby": title,
      "aria-describedby": text,
      data: { testid: "confirm" },
    },
    h("h2", { id: title }, drawText(ask.title)),
    h("div", { id: text, class: "dialog-body" }, drawText(ask.text)),
    h(
      "div",
      { class: "dialog-foot" },
      h(
        "button",
        { type: "button", class: "button", data: { testid: "confirm-deny" }, on: { click: answer("no") } },
        drawText(ask.deny ?? { type: "plain_text", text: "Cancel" }),
      ),
      h(
        "button",
        {
          type: "button",
          class: style,
          autofocus: true,
          data: { testid: "confirm-yes" },
          on: { click: answer("yes") },
        },
        drawText(ask.confirm ?? { type: "plain_text", text: "Yes" }),
      ),
    ),
  );
}
