// What the width of the window means: on a phone the channel list is a drawer and the side panel
// covers the page, and what lies beneath cannot be reached meanwhile.

import { icon } from "./icons.js";
import { store, update } from "./state.js";

/** Whether the window is as narrow as a phone, as a media query. */
export const phone = matchMedia("(max-width: 760px)");
const sidebar = document.getElementById("sidebar");
const main = document.getElementById("main");
const menu = document.getElementById("open-drawer");

/** Wire the drawer once. */
export function startLayout() {
  for (const button of document.querySelectorAll("[data-icon]")) button.prepend(icon(button.dataset.icon));
  phone.addEventListener("change", () => update({ drawer: false }));
  menu.addEventListener("click", () => {
    update({ drawer: true });
    (sidebar.querySelector("[aria-current]") ?? sidebar.querySelector("button")).focus();
  });
  document.getElementById("scrim").addEventListener("click", closeDrawer);
  sidebar.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.drawer) closeDrawer();
  });
  document.getElementById("skip").addEventListener("click", skip);
}

function closeDrawer() {
  update({ drawer: false });
  menu.focus();
}

function skip(event) {
  event.preventDefault();
  document.getElementById("scroller").focus();
}

/** Show drawer and side column as the store says. */
export function drawLayout() {
  const side = store.thread !== null || store.side;
  document.body.classList.toggle("drawer-open", store.drawer);
  document.body.classList.toggle("side-open", side);
  document.getElementById("scrim").hidden = !store.drawer;
  sidebar.inert = phone.matches && !store.drawer;
  main.inert = phone.matches && (store.drawer || side);
  menu.setAttribute("aria-expanded", String(store.drawer));
}

/** The line that says whether the page still hears from the server. */
export function drawConnection() {
  const note = document.getElementById("connection");
  const lost = store.live === "lost";
  const words = `${store.trouble ?? "The connection to the playground is lost."} Trying again…`;
  note.hidden = !lost;
  note.textContent = lost ? words : "";
}
