// The search box: search as you type, and suggestions below it.

import { address, all, find, home } from "./dom";
import { hold, isShown, show } from "./show";

// How long typing must pause before it is acted on, in milliseconds.
const pause = 150;

// Texts that suggestions are asked for, in characters.
const [shortest, longest] = [2, 60];

interface Suggestion {
  kind: string;
  text: string;
  value: string;
  count: number;
}

const box = find<HTMLInputElement>("#q");
const list = find("#suggestions");
let timer = 0;
let asked: AbortController | null = null;

// fields are those of the search box's form, with changes. An empty value takes
// its field away.
function fields(changes: Record<string, string> = {}): URLSearchParams {
  const out = new URLSearchParams();
  for (const [name, value] of new FormData(find<HTMLFormElement>("#search"))) if (value) out.append(name, value as string);
  for (const [name, value] of Object.entries(changes)) {
    if (value) out.set(name, value);
    else out.delete(name);
  }
  return out;
}

function quiet(): void {
  clearTimeout(timer);
  hold();
}

function onType(): void {
  quiet();
  timer = setTimeout(() => {
    const isSearch = location.pathname === home && location.search !== "";
    void show(address(fields()), isSearch ? "replace" : "push", true);
    void suggest();
  }, pause);
}

function onSubmit(event: Event): void {
  event.preventDefault();
  leave(address(fields()));
}

// leave shows what the box has led to.
function leave(href: string): void {
  quiet();
  close();
  box.blur();
  void show(href, isShown(href) ? "replace" : "push");
}

async function suggest(): Promise<void> {
  asked?.abort();
  const text = box.value.trim();
  if (text.length < shortest || text.length > longest) return close();
  asked = new AbortController();
  try {
    const reply = await fetch(home + "v1/suggest?" + new URLSearchParams({ q: text, size: "6" }), { signal: asked.signal });
    if (reply.ok && document.activeElement === box) offer((await reply.json()).suggestions ?? [], text);
  } catch {
    close(); // suggestions are a courtesy
  }
}

// offer lists suggestions. Names narrow the search, words complete it.
function offer(suggestions: Suggestion[], text: string): void {
  const news = suggestions.filter((s) => s.kind !== "query" || s.text.toLowerCase() !== text.toLowerCase());
  list.replaceChildren(...news.map(option));
  list.hidden = news.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
  mark(-1);
}

function option(s: Suggestion, i: number): HTMLElement {
  const item = document.createElement("li");
  item.id = `suggestion-${i}`;
  item.setAttribute("role", "option");
  item.dataset.href = s.kind === "query" ? address(fields({ q: s.text })) : narrowed(s);
  const name = document.createElement("span");
  name.textContent = s.text;
  name.dir = "auto";
  const kind = document.createElement("span");
  kind.className = "meta";
  kind.textContent = (s.kind === "query" ? "" : s.kind === "source" ? "publisher " : s.kind + " ") + s.count;
  item.append(name, " ", kind);
  return item;
}

// narrowed is the search without the words, narrowed to what was suggested.
function narrowed(s: Suggestion): string {
  const name = s.kind === "source" ? "sources" : s.kind;
  const value = /[",]|^-/.test(s.value) ? `"${s.value.replaceAll('"', '""')}"` : s.value;
  const before = fields().get(name);
  return address(fields({ q: "", [name]: before ? `${before},${value}` : value }));
}

function close(): void {
  asked?.abort();
  list.hidden = true;
  list.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

const options = () => all("[role=option]", list);

// mark makes the option at that place the active one, or none.
function mark(at: number): void {
  options().forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
  if (options()[at]) box.setAttribute("aria-activedescendant", options()[at].id);
  else box.removeAttribute("aria-activedescendant");
}

function onBoxKey(event: KeyboardEvent): void {
  const offered = options();
  const at = offered.findIndex((o) => o.getAttribute("aria-selected") === "true");
  if (event.isComposing) return;
  if (event.key === "ArrowDown" && offered.length) mark((at + 1) % offered.length);
  else if (event.key === "ArrowUp" && offered.length) mark((at < 0 ? offered.length : at) - 1);
  else if (event.key === "Enter" && at >= 0) leave(offered[at].dataset.href!);
  else if (event.key === "Escape" && offered.length) close();
  else if (event.key === "Escape") box.blur();
  else return;
  event.preventDefault();
}

// startBox makes the search box ready.
export function startBox(): void {
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "suggestions"], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }
  box.addEventListener("input", onType);
  box.addEventListener("keydown", onBoxKey);
  box.addEventListener("blur", () => setTimeout(close, pause));
  find("#search").addEventListener("submit", onSubmit);
  list.addEventListener("pointerdown", (event) => {
    const chosen = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (!chosen) return;
    event.preventDefault();
    leave(chosen.dataset.href!);
  });
}
