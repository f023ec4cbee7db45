// Showing a page within this one.

import { all, find, maybe } from "./dom";

// Half a word seldom matches: before it is said that nothing does, typing must
// pause for so long, in milliseconds.
const longPause = 600;

// How the history changes: "keep" when the browser has moved in it already.
type History = "push" | "replace" | "keep";

let underway: AbortController | null = null; // the request for the page that is to be shown
let held = 0; // the timer of a page that waits to be shown
let shown = location.pathname + location.search;
const prepared: (() => void)[] = [];

// whenShown has f called now and for every page that is shown.
export function whenShown(f: () => void): void {
  prepared.push(f);
  f();
}

// isShown reports whether the page at that address is the one that is shown.
export function isShown(href: string): boolean {
  return href === shown;
}

// hold keeps back what waits to be shown.
export function hold(): void {
  clearTimeout(held);
}

// show replaces the page's matter by that at url. What comes of typing is shown
// only if it can be read.
export async function show(url: string, how: History, isTyping = false): Promise<void> {
  hold();
  underway?.abort();
  const request = (underway = new AbortController());
  find("main").setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(url, { headers: { Accept: "text/html" }, signal: request.signal });
    const text = await reply.text();
    const isPage = (reply.headers.get("Content-Type") ?? "").startsWith("text/html");
    if (!isPage || reply.status >= 500) throw new Error(`status ${reply.status}`);
    if (isTyping && !reply.ok) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const turn = () => swap(page, reply.redirected ? reply.url : url, how, isTyping);
    if (isTyping && maybe(".none", page)) held = setTimeout(turn, longPause);
    else turn();
  } catch (problem) {
    if ((problem as Error).name !== "AbortError" && !isTyping) location.assign(url);
  } finally {
    if (underway === request) {
      underway = null;
      find("main").removeAttribute("aria-busy");
    }
  }
}

// swap puts the matter of a page in the place of ours. The search box stays as it
// is while somebody types in it.
function swap(page: Document, url: string, how: History, isTyping: boolean): void {
  const to = new URL(url, location.href);
  const focus = focusKey();
  find("main").replaceChildren(...find("main", page).childNodes);
  find(".places").replaceChildren(...find(".places", page).childNodes);
  all("#search input[type=hidden]").forEach((input) => input.remove());
  find("#search").append(...all("#search input[type=hidden]", page));
  if (!isTyping) find<HTMLInputElement>("#q").value = find<HTMLInputElement>("#q", page).value;
  document.title = page.title;
  if (how === "push") history.pushState(null, "", to);
  if (how === "replace") history.replaceState(null, "", to);
  shown = location.pathname + location.search;
  settle(focus, to, how);
  prepared.forEach((f) => f());
}

interface Focus {
  key?: string;
  id: string;
}

// focusKey names what has the focus, so that it can be found on the next page.
function focusKey(): Focus | null {
  const at = document.activeElement as HTMLElement | null;
  if (!at || at === document.body || !find("main").contains(at)) return null;
  return { key: at.dataset.key, id: at.id };
}

// settle puts focus and view where one expects them after a change.
function settle(focus: Focus | null, to: URL, how: History): void {
  if (focus) {
    const byKey = focus.key ? maybe(`[data-key="${CSS.escape(focus.key)}"]`) : null;
    const same = byKey ?? document.getElementById(focus.id) ?? find<HTMLElement>("main");
    same.focus({ preventScroll: true });
  }
  const target = to.hash && document.getElementById(to.hash.slice(1));
  if (target) target.scrollIntoView({ block: "nearest" });
  else if (how === "push" && !focus?.key) scrollTo(0, 0);
  find("#live").textContent = ["main h1", "main .meta", "main [role=alert] p"].map((s) => maybe(s)?.textContent ?? "").join(" ");
}

// Links to searches are followed within the page.
export function followWithin(home: string): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const href = link.getAttribute("href")!;
    if (!href.startsWith(home + "?")) return;
    event.preventDefault();
    void show(href, "push");
  });
  addEventListener("popstate", () => {
    if (!isShown(location.pathname + location.search)) void show(location.href, "keep");
  });
}
