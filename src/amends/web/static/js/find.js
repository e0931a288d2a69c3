/* Searching while one types: the form works without it; this keeps the open list true and the keys at hand. */
import { $, isTyping, say } from "./page.js";

const field = $("#search"), rows = $("#rows");

/* The list on the page is another one now: the pulse must ask for that. */
document.addEventListener("desk:list", (event) => {
  if (!rows) return;
  const { query, down, view } = event.detail;
  rows.dataset.place = query;
  rows.dataset.view = view;
  rows.toggleAttribute("data-down", down);
  const title = $("#list-title");
  if (title && field && field.value.trim()) title.textContent = field.getAttribute("data-title") || title.textContent;
  for (const link of document.querySelectorAll(".views a[aria-current]")) link.removeAttribute("aria-current");
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== rows) return;
  const scroller = $("#list-scroll"), said = $("#list-about .list-said") || $("#empty:not([hidden]) h2");
  if (scroller) scroller.scrollTop = 0;
  if (said) say(said.textContent.trim());
});

if (field) {
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const first = $(".case-row a", rows);
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    if (event.key === "Escape" && field.value) { event.preventDefault(); event.stopPropagation(); field.value = ""; field.dispatchEvent(new Event("input", { bubbles: true })); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || $("dialog[open]") || !("shortcuts" in document.body.dataset)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
