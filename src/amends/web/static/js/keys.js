import { bulk } from "./bulk.js";
import { $, all, isNarrow, isTyping } from "./page.js";

/* --- keys --- */
const body = document.body;
const links = () => all("#rows .case-row > a");
let leader = 0;
function step(by) {
  const list = links(), here = list.indexOf(document.activeElement);
  const from = here >= 0 ? here : list.findIndex((link) => link.hasAttribute("aria-current"));
  const next = list[Math.min(Math.max(from + by, 0), list.length - 1)];
  if (next) { body.classList.contains("has-case") && isNarrow() ? next.click() : next.focus(); }
}
const goTo = { i: "all", m: "mine", u: "unassigned", a: "approvals" };
function openMenu(selector) {
  const menu = $(selector);
  if (!menu) return;
  menu.open = true;
  menu.scrollIntoView({ block: "nearest" });
  ($("button", menu) || $("summary", menu)).focus(); // choosing is a second key: none of them does anything by itself
}
const keys = {
  j: () => step(1),
  k: () => step(-1),
  t: () => { const button = $("#confirm-triage"); if (button) { const fold = button.closest("#triage-change"); if (fold) fold.open = true; button.focus(); button.scrollIntoView({ block: "center" }); } },
  r: () => { const field = $("#draft"); if (field) { const fold = field.closest("details"); if (fold) fold.open = true; field.focus(); } else if ($("#begin-reply")) $("#begin-reply").click(); },
  n: () => { const field = $("#note"); if (field) field.focus(); },
  l: () => { const field = $("#label-name"); if (field) field.focus(); },
  s: () => openMenu("#snooze-menu"),
  m: () => openMenu("#macro-menu"),
  x: () => bulk.one(),
  X: () => bulk.range(),
  g: () => { leader = Date.now(); },
  "?": () => $("#keys").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest && event.target.closest("form[data-submit-key]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button:not([type=button])")); }
    return;
  }
  if (event.key === "Escape") {
    const menu = $("details[data-menu][open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if (isTyping(event.target)) { event.target.blur(); const pane = event.target.closest("#case"); if (pane) pane.focus({ preventScroll: true }); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]") || !("shortcuts" in body.dataset)) return;
  const wasLeader = Date.now() - leader < 1500;
  leader = 0;
  if (wasLeader && goTo[event.key]) { const link = $(`[data-view="${goTo[event.key]}"]`); location.href = link ? link.href : `/inbox/${goTo[event.key]}/`; event.preventDefault(); return; }
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
