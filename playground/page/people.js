// How a person looks: the avatar with initials, and the "Act as" menu that changes who this tab is.

import { h } from "./dom.js";
import { openMenu } from "./menu.js";
import { nameOf, person, store } from "./state.js";

/** A small square with the person's initials in their colour. */
export function avatar(id, size = "") {
  const one = person(id);
  const node = h(
    "span",
    { class: `avatar ${size} ${one.is_bot ? "bot" : ""}`, "aria-hidden": "true" },
    one.initials || nameOf(id)[0],
  );
  if (one.colour) node.style.setProperty("--avatar", one.colour);
  return node;
}

/** Open the list of people under `anchor`; picking one calls `become(id)`. */
export function choosePerson(anchor, become) {
  const people = store.data.people.filter((one) => !one.is_bot);
  const items = people.map((one) => ({
    label: nameOf(one.id),
    description: one.deactivated ? "deactivated" : one.title,
    lead: avatar(one.id),
    checked: one.id === store.as,
    data: { person: one.id },
    run: () => become(one.id),
  }));
  openMenu(anchor, "Act as", items);
}
