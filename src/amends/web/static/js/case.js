/* The case beside the list: opening it, sending its forms, and keeping it true while it is open. */
import { tick } from "./clocks.js";
import { draft } from "./draft.js";
import { lint } from "./lint.js";
import { openKept } from "./kept.js";
import { $, all, isNarrow, isTyping, say } from "./page.js";

/* --- htmx --- */
document.addEventListener("htmx:confirm", (event) => {
  const source = event.target, field = draft.field();
  if (source.closest("[data-conflict]")) { const mine = $("[data-conflict=mine] textarea"); if (mine && field) mine.value = field.value; if (draft.current()) draft.current().done(); return; }
  if (!source.closest("#case, .list") || !draft.isDirty()) return;
  event.preventDefault(); // first the words, then whatever was clicked
  draft.save().then((saved) => { if (saved || !source.closest("[data-editor]")) event.detail.issueRequest(true); });
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "case") opened(event.detail.requestConfig && event.detail.requestConfig.verb === "get");
});
function opened(isFresh) {
  const pane = $("#case"), shown = $(".case", pane);
  if (!shown) return;
  document.body.classList.add("has-case");
  prepare(pane);
  for (const link of all("#rows a[aria-current]")) link.removeAttribute("aria-current");
  const link = $(`#row-${shown.dataset.case} a`);
  if (link) link.setAttribute("aria-current", "true");
  const target = $("[data-problem]", pane) || $("[data-bystander]", pane) || (!isFresh && ($("#draft[data-focus]", pane) && !$("[data-said]", pane) ? $("#draft", pane) : $("[data-said]", pane))) || $(".case-title", pane);
  if (isFresh) { pane.scrollTop = 0; if (isNarrow()) scrollTo(0, 0); }
  if (target && (isFresh || !pane.contains(document.activeElement) || document.activeElement === pane || target.matches("[data-problem], [data-bystander]"))) target.focus({ preventScroll: isFresh || target.matches("[data-said]") });
  const gap = target && target.id === "draft" ? target.value.indexOf("[…]") : -1;
  if (gap >= 0) target.setSelectionRange(gap, gap + 3); // what only the writer knows is typed over
  const said = $("[data-said], [data-problem]", pane);
  if (said) say(said.textContent.trim());
  const place = $(".part-said", pane);
  setTimeout(() => place.classList.add("is-read"), 5000); // it no longer follows the eye, but stays
  document.dispatchEvent(new Event("desk:opened"));
}
export function prepare(root) {
  openKept(root);
  const field = $("#draft", root);
  if (field) { draft.open(field); lint.open(field); }
  tick();
}

/* The open case: parts that nobody is writing in are put in place, the others stay and it is said. */
const isWriting = (part) => (part.contains(document.activeElement) && isTyping(document.activeElement))
  || all("textarea, input:not([type=hidden])", part).some((field) => field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue)
  || all("select", part).some((field) => [...field.options].some((option) => option.selected !== option.defaultSelected));
/* What a part says, without what differs from one answer to the next or what the page itself changed. */
function fingerprint(part) {
  const copy = part.cloneNode(true), text = $("#draft", part), own = text ? (draft.current() ? draft.current().saved : text.defaultValue) : "";
  for (const one of all("[name=csrfmiddlewaretoken], [name=revision], #saved, #counter, #conflict, #lint, #lint-status, #override, .draft-marks, textarea, .due, .kept-line, [name=kept]", copy)) one.remove();
  for (const fold of all("details", copy)) fold.removeAttribute("open");
  return copy.innerHTML + own;
}
export async function refreshCase(news) {
  const shown = $("#case .case");
  if (!shown) return;
  let held = false;
  if (!news.gone) {
    await draft.save();
    const response = await fetch(shown.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!response.ok || response.redirected || $("#case .case") !== shown) return;
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    const fresh = $(".case", holder.content);
    for (const part of all("[data-part]", shown)) {
      const next = $(`[data-part="${part.dataset.part}"]`, fresh);
      if (!next || part.dataset.part === "said" || fingerprint(part) === fingerprint(next)) continue;
      if (isWriting(part)) { held = held || news.said.length > 0; continue; }
      for (const fold of all("details[id]", part)) { const twin = next.querySelector(`#${fold.id}`); if (twin) twin.open = fold.open; }
      const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.replaceWith(next);
      if (window.htmx) window.htmx.process(next);
      if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
      prepare(next);
    }
    shown.dataset.seen = fresh.dataset.seen;
    tick();
  }
  if (!news.said.length) return;
  const box = $("#meanwhile"), list = $("[data-sentences]", box);
  list.replaceChildren(...news.said.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
  $("[data-held]", box).hidden = !held;
  box.hidden = false;
}
