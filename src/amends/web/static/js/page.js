/* What every part uses: finding elements and saying something to screen readers. */
export const $ = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const isNarrow = () => matchMedia("(max-width: 760px)").matches;
export const isTyping = (element) => Boolean(element && element.matches && element.matches("input, textarea, select, [contenteditable]"));

export function say(text) {
  const live = $("#live");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}
