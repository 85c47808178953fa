// Images from an app: shown when they load, their alt text in a frame when they do not.

import { h } from "./dom.js";
import { cannotDraw } from "./undrawn.js";

/** An image block, element or icon as a node. */
export function picture({ image_url: url, alt_text: alt }, size) {
  if (!url) return cannotDraw("image without image_url");
  const image = h("img", {
    class: size,
    src: url,
    alt,
    title: alt,
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  image.addEventListener("error", () =>
    image.replaceWith(
      h("span", { class: `${size} missing`, role: "img", "aria-label": alt, title: alt }, alt),
    ),
  );
  return image;
}
