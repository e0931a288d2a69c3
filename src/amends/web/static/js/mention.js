/* While a note calls somebody by @: the colleagues that fit, chosen by arrows and Enter, or by pointer. */
import { $, all, say } from "./page.js";

const fold = (text) => text.toLocaleLowerCase("tr").replaceAll("ı", "i").normalize("NFKD").replace(/\p{M}/gu, "");
const box = () => $("[data-mentions]");
const field = () => $("#note");
const shown = () => all("[role=option]:not([hidden])", box());
let at = 0;
function called() { // the letters between the last @ and the cursor
  const text = field().value.slice(0, field().selectionStart), found = /(^|[^\w@.])@([\p{L}\p{N}.\-_]{0,40})$/u.exec(text);
  return found && { start: text.length - found[2].length - 1, letters: fold(found[2]) };
}
function close() {
  const list = box();
  if (!list || list.hidden) return;
  list.hidden = true;
  field().removeAttribute("aria-activedescendant");
  field().setAttribute("aria-expanded", "false");
}
function mark(index) {
  const options = shown();
  at = (index + options.length) % options.length;
  for (const one of all("[role=option]", box())) one.setAttribute("aria-selected", String(one === options[at]));
  options[at].scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", options[at].id);
}
function look() {
  const list = box(), now = list && called();
  if (!now) { close(); return; }
  for (const one of all("[role=option]", list)) one.hidden = !(fold(one.textContent).split(" ").some((word) => word.startsWith(now.letters)) || fold(one.dataset.word).startsWith(now.letters));
  const count = shown().length;
  if (!count) { close(); return; }
  const wasHidden = list.hidden;
  list.hidden = false;
  field().setAttribute("aria-expanded", "true");
  mark(0);
  if (wasHidden) say((count === 1 ? list.dataset.countOne : list.dataset.countMany).replace("{count}", count));
}
function take(option) {
  const now = called(), input = field();
  if (!now) return;
  input.setRangeText(`@${option.dataset.word} `, now.start, input.selectionStart, "end");
  close();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}
document.addEventListener("focusin", (event) => {
  if (event.target.id !== "note" || !box()) return;
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "mention-list"], ["aria-expanded", "false"], ["aria-haspopup", "listbox"]]) event.target.setAttribute(name, value);
});
document.addEventListener("input", (event) => { if (event.target.id === "note") look(); });
document.addEventListener("focusout", (event) => { if (event.target.id === "note") setTimeout(close, 150); });
document.addEventListener("mousedown", (event) => { const option = event.target.closest && event.target.closest("[data-mentions] [role=option]"); if (option) { event.preventDefault(); take(option); } });
document.addEventListener("keydown", (event) => {
  const list = box();
  if (event.target.id !== "note" || !list || list.hidden || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(at + step);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(shown()[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
