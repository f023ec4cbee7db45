// Keys that work outside of fields.

import { all, find } from "./dom";

const headlines = "main article :is(h2, h3) a";
const facets: Record<string, string> = { s: "source", p: "person", l: "place", o: "organization" };

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if ((event.target as Element).closest("input, select, textarea, dialog[open]")) return;
  if (event.key === "/") find<HTMLInputElement>("#q").select();
  else if (event.key === "j") step(all(headlines), 1);
  else if (event.key === "k") step(all(headlines), -1);
  else if (event.key in facets) step(all(`[data-key^="${facets[event.key]}:"]`), 1);
  else if (event.key === "?") find<HTMLDialogElement>("#keys").showModal();
  else return;
  event.preventDefault();
}

// step moves the focus within a list, to its beginning from elsewhere.
function step(list: HTMLElement[], by: number): void {
  const at = list.indexOf(document.activeElement as HTMLElement);
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// startKeys listens to keys, and offers the list of them.
export function startKeys(): void {
  const button = find("#show-keys");
  button.hidden = false;
  button.addEventListener("click", () => find<HTMLDialogElement>("#keys").showModal());
  document.addEventListener("keydown", onKey);
}
