/* Several cases at once: a click selects (so does x), with Shift all from the last one to here; rows drawn anew
   stay selected. */
import { $, all } from "./page.js";

const form = $("#bulk"), rows = $("#rows"), picked = new Set();
const boxes = () => all(".pick input", rows);
let last = "";
function show() {
  for (const box of boxes()) box.checked = picked.has(box.value);
  for (const extra of all("input[data-extra]", form)) extra.remove();
  const there = new Set(boxes().map((box) => box.value));
  for (const number of picked) if (!there.has(number)) { // selected with the whole view, on a page not shown yet
    const field = document.createElement("input");
    field.type = "hidden"; field.name = "case"; field.value = number; field.dataset.extra = "";
    form.append(field);
  }
  const words = $("[data-picked]", form), count = picked.size;
  words.textContent = (count === 1 ? words.dataset.one : words.dataset.many).replace("{count}", count);
  $("[data-pick-all]", form).hidden = false;
}
function said(name, address) { return address.replace(new RegExp(`([?&])${name}=[^&]*&?`), "$1").replace(/[?&]$/, ""); } // once
function pick(box, on) { on ? picked.add(box.value) : picked.delete(box.value); last = box.value; }
function range(to) {
  const list = boxes(), from = list.findIndex((box) => box.value === last), end = list.indexOf(to);
  if (from < 0) { pick(to, true); return; }
  for (const box of list.slice(Math.min(from, end), Math.max(from, end) + 1)) picked.add(box.value);
  last = to.value;
}
if (form && rows) {
  rows.addEventListener("click", (event) => {
    const box = event.target.closest(".pick input");
    if (!box) return;
    if (event.shiftKey) range(box); else pick(box, box.checked);
    show();
  });
  form.addEventListener("reset", () => { picked.clear(); setTimeout(show); });
  $("[data-pick-all]", form).addEventListener("click", async (event) => {
    const answer = await fetch(event.target.dataset.numbers, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    for (const number of (await answer.json()).numbers) picked.add(String(number));
    show();
  });
  const kept = (form.dataset.kept || "").split(" ").filter(Boolean); // an act was refused: what was selected still is
  for (const number of kept) picked.add(number);
  if (kept.length) { show(); history.replaceState(history.state, "", said("picked", said("own", location.href))); }
  new MutationObserver(() => { if (picked.size) show(); }).observe(rows, { childList: true });
}
const result = $("[data-undo-until]");
if (result) {
  const left = Date.parse(result.dataset.undoUntil) - Date.now();
  setTimeout(() => { const undo = $("[data-undo]", result); if (undo) undo.remove(); }, Math.max(left, 0));
  history.replaceState(history.state, "", said("done", location.href)); // said once
}
