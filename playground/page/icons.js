// The handful of line icons the page uses, as inline SVG (24 × 24, drawn with the text colour).

import { s } from "./dom.js";

const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12zM11.5 13.5L20 4",
  thread: "M20 12a7 7 0 0 1-7 7H5l1.7-3A7 7 0 0 1 6 12a7 7 0 0 1 14 0zM10 10.5h6M10 13.5h4",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  hash: "M9.5 4l-2 16M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  chevron: "M8 10l4 4 4-4",
  left: "M14 7l-5 5 5 5",
  right: "M10 7l5 5-5 5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  flask: "M9 4h6M10 4v6L5 19a1 1 0 0 0 .9 1.5h12.2A1 1 0 0 0 19 19l-5-9V4M8 15h8",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 12m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  down: "M12 5v14M6 13l6 6 6-6",
};

/** One icon by name; hidden from screen readers, the button around it carries the label. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    s("path", { d: PATHS[name] }),
  );
}
