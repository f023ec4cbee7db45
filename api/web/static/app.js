// What makes the pages quicker for who has JavaScript: search as you type,
// suggestions, keys, and a brush over the histogram. Nothing here is needed: every
// link and form does the same by itself. Start reading at the end.
"use strict";

// How long typing must pause before it is acted on, and before it is said that
// nothing matches, in milliseconds. Half a word seldom matches.
const pause = 150;
const longPause = 600;

const find = (selector, within = document) => within.querySelector(selector);
const home = find(".brand").getAttribute("href"); // of the pages: / or below a base path
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Showing a page within this one.

let underway = null; // the request for the page that is to be shown
let shown = location.pathname + location.search;

// show replaces the page's matter by that at url. How is "push" or "replace" for
// what becomes of the history, or "keep" when the browser has moved in it already.
// What comes of typing is shown only if it can be read.
async function show(url, how, isTyping = false) {
  underway?.abort();
  const request = (underway = new AbortController());
  find("main").setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(url, { headers: { Accept: "text/html" }, signal: request.signal });
    const text = await reply.text();
    const isPage = (reply.headers.get("Content-Type") || "").startsWith("text/html");
    if (!isPage || reply.status >= 500) throw new Error(`status ${reply.status}`);
    if (isTyping && !reply.ok) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const turn = () => swap(page, reply.redirected ? reply.url : url, how, isTyping);
    if (isTyping && find(".none", page)) timer = setTimeout(turn, longPause);
    else turn();
  } catch (problem) {
    if (problem.name !== "AbortError" && !isTyping) location.assign(url);
  } finally {
    if (underway === request) {
      underway = null;
      find("main").removeAttribute("aria-busy");
    }
  }
}

function swap(page, url, how, isTyping) {
  const address = new URL(url, location.href);
  const focus = focusKey();
  find("main").replaceChildren(...find("main", page).childNodes);
  find(".places").replaceChildren(...find(".places", page).childNodes);
  all("#search input[type=hidden]").forEach((input) => input.remove());
  find("#search").append(...all("#search input[type=hidden]", page));
  if (!isTyping) find("#q").value = find("#q", page).value;
  document.title = page.title;
  if (how === "push") history.pushState(null, "", address);
  if (how === "replace") history.replaceState(null, "", address);
  shown = location.pathname + location.search;
  settle(focus, address, how);
  prepare();
}

// focusKey names what has the focus, so that it can be found on the next page.
function focusKey() {
  const at = document.activeElement;
  if (!at || at === document.body || !find("main").contains(at)) return null;
  return { key: at.dataset.key, id: at.id };
}

// settle puts focus and view where one expects them after a change.
function settle(focus, address, how) {
  const same = focus && ((focus.key && find(`[data-key="${CSS.escape(focus.key)}"]`)) || (focus.id && document.getElementById(focus.id)));
  if (same) same.focus({ preventScroll: true });
  else if (focus) find("main").focus({ preventScroll: true });
  const target = address.hash && document.getElementById(address.hash.slice(1));
  if (target) target.scrollIntoView({ block: "nearest" });
  else if (how === "push" && !(focus && focus.key)) scrollTo(0, 0);
  find("#live").textContent = [find("main h1"), find("main .meta"), find("main [role=alert] p")].map((n) => n?.textContent ?? "").join(" ");
}

// The search box.

let timer = 0;

// searchAddress is where the form of the search box leads, with changes.
function searchAddress(changes = {}) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(find("#search"))) if (value) fields.append(name, value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) fields.set(name, value);
    else fields.delete(name);
  }
  return home + (String(fields) ? "?" + fields : "");
}

function onType() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const isSearch = location.pathname === home && location.search !== "";
    show(searchAddress(), isSearch ? "replace" : "push", true);
    suggest();
  }, pause);
}

function onSubmit(event) {
  clearTimeout(timer);
  event.preventDefault();
  closeSuggestions();
  find("#q").blur();
  show(searchAddress(), searchAddress() === shown ? "replace" : "push");
}

// Suggestions below the search box.

let asked = null;

async function suggest() {
  asked?.abort();
  const text = find("#q").value.trim();
  if (text.length < 2 || text.length > 60) return closeSuggestions();
  asked = new AbortController();
  try {
    const reply = await fetch(home + "v1/suggest?" + new URLSearchParams({ q: text, size: 6 }), { signal: asked.signal });
    if (reply.ok && document.activeElement === find("#q")) offer((await reply.json()).suggestions ?? [], text);
  } catch {
    closeSuggestions(); // suggestions are a courtesy
  }
}

// offer lists suggestions. Names narrow the search, words complete it.
function offer(list, text) {
  const box = find("#suggestions");
  const options = list.filter((s) => s.text.toLowerCase() !== text.toLowerCase() || s.kind !== "query").map((s, i) => {
    const option = document.createElement("li");
    option.id = `suggestion-${i}`;
    option.setAttribute("role", "option");
    option.dataset.href = s.kind === "query" ? searchAddress({ q: s.text }) : narrowed(s);
    const name = document.createElement("span");
    name.textContent = s.text;
    name.dir = "auto";
    const kind = document.createElement("span");
    kind.className = "meta";
    kind.textContent = (s.kind === "query" ? "" : s.kind === "source" ? "publisher " : s.kind + " ") + s.count;
    option.append(name, " ", kind);
    return option;
  });
  box.replaceChildren(...options);
  box.hidden = options.length === 0;
  find("#q").setAttribute("aria-expanded", String(!box.hidden));
  mark(-1);
}

function narrowed(s) {
  const name = s.kind === "source" ? "sources" : s.kind;
  const value = /[",]|^-/.test(s.value) ? `"${s.value.replaceAll('"', '""')}"` : s.value;
  const before = new URLSearchParams(searchAddress().slice(2)).get(name);
  return searchAddress({ q: "", [name]: before ? `${before},${value}` : value });
}

function closeSuggestions() {
  asked?.abort();
  find("#suggestions").hidden = true;
  find("#suggestions").replaceChildren();
  find("#q").setAttribute("aria-expanded", "false");
  find("#q").removeAttribute("aria-activedescendant");
}

// mark makes the option at that place the active one, or none.
function mark(at) {
  const options = all("#suggestions [role=option]");
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  if (options[at]) find("#q").setAttribute("aria-activedescendant", options[at].id);
  else find("#q").removeAttribute("aria-activedescendant");
}

function choose(option) {
  clearTimeout(timer);
  closeSuggestions();
  find("#q").blur();
  show(option.dataset.href, "push");
}

// onBoxKey answers keys within the search box.
function onBoxKey(event) {
  const options = all("#suggestions [role=option]");
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.isComposing) return;
  if (event.key === "ArrowDown" && options.length) mark((at + 1) % options.length);
  else if (event.key === "ArrowUp" && options.length) mark((at < 0 ? options.length : at) - 1);
  else if (event.key === "Enter" && at >= 0) choose(options[at]);
  else if (event.key === "Escape" && options.length) closeSuggestions();
  else if (event.key === "Escape") find("#q").blur();
  else return;
  event.preventDefault();
}

// Keys.

const facetKeys = { s: "source", p: "person", l: "place", o: "organization" };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, dialog[open]")) return;
  if (event.key === "/") {
    find("#q").focus();
    find("#q").select();
  } else if (event.key === "j") step(all("main article :is(h2, h3) a"), 1);
  else if (event.key === "k") step(all("main article :is(h2, h3) a"), -1);
  else if (event.key in facetKeys) step(all(`[data-key^="${facetKeys[event.key]}:"]`), 1);
  else if (event.key === "?") find("#keys").showModal();
  else return;
  event.preventDefault();
}

// step moves the focus within a list, to its beginning from elsewhere.
function step(list, by) {
  const at = list.indexOf(document.activeElement);
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// Links to searches are followed within the page.
function onClick(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const href = link.getAttribute("href");
  if (!href.startsWith(home + "?")) return;
  event.preventDefault();
  show(href, "push");
}

// The brush: dragging over a histogram selects a span of time.
function brush(chart) {
  const froms = chart.dataset.from.split(" ");
  const tos = chart.dataset.to.split(" ");
  let start = null;
  let area = null;
  const place = (event) => {
    const box = chart.getBoundingClientRect();
    return Math.min(Math.max(Math.floor(((event.clientX - box.left) / box.width) * froms.length), 0), froms.length - 1);
  };
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = { at: place(event), x: event.clientX };
  });
  chart.addEventListener("pointermove", (event) => {
    if (!start || (!area && Math.abs(event.clientX - start.x) < 4)) return;
    if (!area) {
      chart.setPointerCapture(event.pointerId);
      area = chart.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
      area.setAttribute("class", "brush");
      area.setAttribute("height", "100%");
    }
    const [low, high] = [start.at, place(event)].sort((a, b) => a - b);
    const step = chart.viewBox.baseVal.width / froms.length;
    area.setAttribute("x", low * step);
    area.setAttribute("width", (high - low + 1) * step);
  });
  const stop = (event) => {
    if (area && event.type === "pointerup") {
      const [low, high] = [start.at, place(event)].sort((a, b) => a - b);
      const fields = new URLSearchParams(find("a", chart).getAttribute("href").split("?")[1]);
      fields.set("from", froms[low]);
      fields.set("to", tos[high]);
      // A click follows at once, and is not meant for a bar.
      const swallow = (click) => click.preventDefault();
      addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, true), 50);
      setTimeout(() => show(home + "?" + fields, "push"));
    }
    area?.remove();
    start = area = null;
  };
  chart.addEventListener("pointerup", stop);
  chart.addEventListener("pointercancel", stop);
}

// prepare makes the matter of a page ready, the first and every one that is shown.
function prepare() {
  all("svg.chart").forEach(brush);
  const box = find("#find");
  box?.addEventListener("input", () => {
    const words = box.value.toLowerCase();
    for (const item of all("li", box.closest(".facet"))) item.hidden = !find(".name", item).textContent.toLowerCase().includes(words);
  });
}

// start makes what stays the same on all pages ready.
function start() {
  const box = find("#q");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "suggestions"], ["aria-expanded", "false"]]) {
    box.setAttribute(name, value);
  }
  box.addEventListener("input", onType);
  box.addEventListener("keydown", onBoxKey);
  box.addEventListener("blur", () => setTimeout(closeSuggestions, pause));
  find("#search").addEventListener("submit", onSubmit);
  find("#suggestions").addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  find("#show-keys").hidden = false;
  find("#show-keys").addEventListener("click", () => find("#keys").showModal());
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) show(location.href, "keep");
  });
  prepare();
}

start();
