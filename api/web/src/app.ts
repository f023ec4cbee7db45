// What makes the pages quicker for who has JavaScript: search as you type,
// suggestions, keys, and a brush over the histogram. Nothing here is needed: every
// link and form does the same by itself. Bundled into dist by bundle_test.go.

import { startBox } from "./box";
import { brush } from "./brush";
import { all, find, home, maybe } from "./dom";
import { startKeys } from "./keys";
import { followWithin, whenShown } from "./show";

// filterAsTyped hides the values of a long facet that lack what is typed.
function filterAsTyped(): void {
  const box = maybe<HTMLInputElement>("#find");
  box?.addEventListener("input", () => {
    const words = box.value.toLowerCase();
    for (const item of all("li", box.closest(".facet")!)) item.hidden = !find(".name", item).textContent!.toLowerCase().includes(words);
  });
}

startBox();
startKeys();
followWithin(home);
whenShown(() => all<SVGSVGElement & HTMLElement>("svg.chart").forEach(brush));
whenShown(filterAsTyped);
