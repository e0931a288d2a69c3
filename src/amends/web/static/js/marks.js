/* Words that somebody selects in the comment are copied into the form of a measure while it is open. */
import { $ } from "./page.js";

document.addEventListener("mouseup", mark);
document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") mark(); });

function mark() {
  const form = $("#measure-new[open] textarea[data-marks]"), comment = $(".words-subject"), selection = getSelection();
  if (!form || !comment || !selection || selection.isCollapsed) return;
  const inside = comment.contains(selection.anchorNode) && comment.contains(selection.focusNode);
  const lines = selection.toString().split("\n").map((line) => line.trim()).filter(Boolean);
  const known = form.value.split("\n");
  const fresh = inside ? lines.filter((line) => !known.includes(line)) : [];
  if (fresh.length) form.value = [...known.filter(Boolean), ...fresh].join("\n");
}
