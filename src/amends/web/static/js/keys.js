/* The keys. What there is stands in the help sheet (`web/key_list.py` draws it); here is how each act is done.
   Before an act the document hears "amends:key" and may do it itself (preventDefault). */
import { $, all, isNarrow, isTyping } from "./page.js";

const { body } = document, LEADER_MS = 2000;
const sheet = new Map(all("#keys [data-keys]").map((row) => [row.dataset.keys, row.dataset]));
const leaders = new Set([...sheet.keys()].filter((one) => one.includes(" ")).map((one) => one.split(" ")[0]));
let leader = "", ledAt = 0;

const links = () => all("#rows .case-row > a");
function step(by) {
  const list = links(), here = list.findIndex((link) => link.parentElement.contains(document.activeElement));
  const from = here >= 0 ? here : list.findIndex((link) => link.hasAttribute("aria-current"));
  const next = list[Math.min(Math.max(from + by, 0), list.length - 1)];
  if (next) { body.classList.contains("has-case") && isNarrow() ? next.click() : next.focus(); }
}
function openFolds(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
function pick(isRange) {
  const focused = document.activeElement && document.activeElement.closest && document.activeElement.closest(".case-row");
  const row = focused || $("#rows .case-row:has(a[aria-current])"), box = row && $(".pick input", row);
  if (box) box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: isRange }));
}
const acts = {
  step: (by) => step(Number(by)),
  pick: (how) => pick(how === "range"),
  focus: (target) => { const field = $(target); if (field) { openFolds(field); field.focus(); } },
  reveal: (target) => { const field = $(target); if (field) { openFolds(field); field.focus(); field.scrollIntoView({ block: "center" }); } },
  menu: (target) => {
    const menu = $(target);
    if (!menu) return;
    openFolds(menu);
    menu.open = true;
    menu.scrollIntoView({ block: "nearest" });
    const first = $("button, input:not([type=hidden]), select", menu);
    if (first) first.focus(); // choosing is a second key: none does anything by itself
  },
  reply: () => { const field = $("#draft"), begin = $("#begin-reply"); if (field) acts.focus("#draft"); else if (begin) begin.click(); },
  go: (view) => { const link = $(`[data-view="${view}"][href]`); location.href = link ? link.href : `/inbox/${view}/`; },
  help: () => $("#keys").showModal(),
};

/* The letter that is meant: as typed where it is Latin, else by its place on the keyboard (й is q, о is j). */
function letterOf(event) {
  const { key, code, shiftKey } = event;
  if (key.length !== 1) return key;
  const isLatin = key >= "!" && key <= "~";
  const letter = isLatin ? key : (/^Key[A-Z]$/.test(code) ? code[3] : key);
  return /^[A-Za-z]$/.test(letter) ? (shiftKey ? letter.toUpperCase() : letter.toLowerCase()) : letter;
}
function perform(typed, event) {
  const known = sheet.get(typed);
  if (!known) return false;
  event.preventDefault();
  const told = new CustomEvent("amends:key", { cancelable: true, detail: { key: typed, act: known.act, target: known.target } });
  if (document.dispatchEvent(told)) acts[known.act](known.target);
  return true;
}
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
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
  const letter = letterOf(event), isLed = leader && Date.now() - ledAt < LEADER_MS;
  if (event.key === "Shift") return;
  const led = isLed && perform(`${leader} ${letter}`, event);
  leader = "";
  if (led || perform(letter, event)) return;
  if (leaders.has(letter)) { leader = letter; ledAt = Date.now(); event.preventDefault(); }
});
