/* What every part uses: finding elements, saying something to screen readers, keeping what is typed. */
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

/* --- what is typed is kept in this browser until the desk has it --- */
const person = document.body.dataset.person || "0";
export const store = {
  key: (name) => `amends:${person}:${name}`,
  get(name) { try { return JSON.parse(localStorage.getItem(this.key(name))); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(this.key(name), JSON.stringify(value)); } catch { /* full or forbidden: the desk still saves */ } },
  drop(name) { try { localStorage.removeItem(this.key(name)); } catch { /* as above */ } },
};
export function restoreKept(root) {
  for (const field of all("[data-keep]", root)) {
    const kept = store.get(field.dataset.keep);
    if (kept && !field.value) field.value = kept;
  }
}
document.addEventListener("input", (event) => {
  const { keep } = event.target.dataset || {};
  if (keep) event.target.value ? store.set(keep, event.target.value) : store.drop(keep);
});
export const dropKept = (form) => all("[data-keep]", form).forEach((field) => store.drop(field.dataset.keep));
document.addEventListener("submit", (event) => { if (!event.target.hasAttribute("hx-post")) dropKept(event.target); });
