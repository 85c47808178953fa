// Which of the newest blocks this workspace takes: Slack brings them to one workspace after the other.

import { h } from "./dom.js";
import { whileBusy } from "./actions.js";
import { refuseBlocks } from "./server.js";
import { store } from "./state.js";
import { complain } from "./toasts.js";

const KINDS = [
  ["data_visualization", "charts"],
  ["data_table", "data tables"],
  ["table", "tables"],
];

/** Redraw the section as the server has it. */
export function drawRefused(section) {
  if (!section.querySelector("input")) section.append(build());
  for (const box of section.querySelectorAll("input")) box.checked = store.data.without.includes(box.value);
}

function build() {
  const boxes = KINDS.map(([value, words]) =>
    h(
      "label",
      {},
      h("input", { type: "checkbox", value, data: { without: value } }),
      h("span", {}, words, h("small", {}, h("code", {}, value))),
    ),
  );
  const list = h("div", { class: "ticks", role: "group", "aria-labelledby": "refused-title" }, boxes);
  list.addEventListener("change", () => change(list));
  return list;
}

// What the workspace file refuses beyond these three stays refused.
async function change(list) {
  const others = store.data.without.filter((one) => !KINDS.some(([value]) => value === one));
  const ticked = [...list.querySelectorAll("input:checked")].map((box) => box.value);
  const error = await whileBusy(list, () => refuseBlocks([...others, ...ticked]));
  if (error) complain(error, list);
}
