// What every other file needs of the document.

// find returns the first element that matches. What the pages always have is
// there, so the caller may rely on it; for the rest there is maybe.
export function find<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  return within.querySelector(selector) as T;
}

export function maybe<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

// home is where the pages begin: / or below a base path.
export const home = find(".brand").getAttribute("href")!;

// address is that of a search, or of the front page if nothing is asked.
export function address(fields: URLSearchParams): string {
  const asked = String(fields);
  return home + (asked ? "?" + asked : "");
}

// fieldsOf are the parameters of an address.
export function fieldsOf(href: string): URLSearchParams {
  return new URLSearchParams(href.split("#")[0].split("?")[1]);
}
