// The brush: dragging over a histogram selects a span of time. Its bars are links
// that do the same for one bar.

import { address, fieldsOf, find } from "./dom";
import { show } from "./show";

// How far the pointer must move before it is dragging, in pixels.
const slack = 4;

// brush makes a histogram draggable.
export function brush(chart: SVGSVGElement): void {
  const froms = chart.dataset.from!.split(" ");
  const tos = chart.dataset.to!.split(" ");
  let start: { bar: number; x: number } | null = null;
  let area: SVGRectElement | null = null;

  const barAt = (event: PointerEvent) => {
    const frame = chart.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((event.clientX - frame.left) / frame.width) * froms.length), 0), froms.length - 1);
  };
  const spanTo = (event: PointerEvent) => [start!.bar, barAt(event)].sort((a, b) => a - b);

  const draw = (event: PointerEvent) => {
    if (!start || (!area && Math.abs(event.clientX - start.x) < slack)) return;
    if (!area) {
      chart.setPointerCapture(event.pointerId);
      area = chart.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
      area.setAttribute("class", "brush");
      area.setAttribute("height", "100%");
    }
    const [low, high] = spanTo(event);
    const width = chart.viewBox.baseVal.width / froms.length;
    area.setAttribute("x", String(low * width));
    area.setAttribute("width", String((high - low + 1) * width));
  };

  const stop = (event: PointerEvent) => {
    if (area && event.type === "pointerup") {
      const [low, high] = spanTo(event);
      const fields = fieldsOf(find("a", chart).getAttribute("href")!);
      fields.set("from", froms[low]);
      fields.set("to", tos[high]);
      swallowClick();
      setTimeout(() => show(address(fields), "push"));
    }
    area?.remove();
    start = area = null;
  };

  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = { bar: barAt(event), x: event.clientX };
  });
  chart.addEventListener("pointermove", draw);
  chart.addEventListener("pointerup", stop);
  chart.addEventListener("pointercancel", stop);
}

// swallowClick stops the click that follows a drag at once: it is not meant for a
// bar.
function swallowClick(): void {
  const swallow = (click: Event) => click.preventDefault();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, true), 50);
}
