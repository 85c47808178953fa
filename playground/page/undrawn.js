// The mark for what this page cannot draw: visible, so that nothing an app sends vanishes quietly.

import { h } from "./dom.js";

/** «cannot draw: TYPE» */
export function cannotDraw(type) {
  return h(
    "span",
    { class: "undrawn", data: { testid: "undrawn" } },
    `cannot draw: ${type ?? "something without a type"}`,
  );
}
