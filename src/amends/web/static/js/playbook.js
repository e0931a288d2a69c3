/* The editor of the playbook: line numbers beside the text, and mistakes that lead to their line. Without this
   file the mistakes lead into the numbered text below the editor. */
import { $, all } from "./page.js";

const field = $("#playbook-text"), numbers = $(".code-numbers");
const saved = field.value;
let isLeaving = false;

function number() {
  const count = field.value.split("\n").length;
  const wrong = new Set(all("#problem-list [data-line]").map((one) => Number(one.dataset.line)));
  const parts = [];
  for (let line = 1; line <= count; line += 1) {
    if (wrong.has(line)) {
      const mark = document.createElement("mark");
      mark.textContent = line;
      parts.push(mark, "\n");
    } else parts.push(`${line}\n`);
  }
  numbers.replaceChildren(...parts);
  numbers.scrollTop = field.scrollTop;
}

function show(line) {
  const lines = field.value.split("\n"), before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(before, before + (lines[line - 1] || "").length);
  const height = field.scrollHeight / Math.max(lines.length, 1);
  field.scrollTop = Math.max((line - 6) * height, 0);
  numbers.scrollTop = field.scrollTop;
  field.scrollIntoView({ block: "nearest" });
}

field.addEventListener("input", number);
field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
document.addEventListener("click", (event) => {
  const link = event.target.closest("#problem-list [data-line]");
  if (!link) return;
  event.preventDefault();
  show(Number(link.dataset.line));
});
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target && event.detail.target.id === "problems") number(); });
document.addEventListener("submit", () => { isLeaving = true; });
addEventListener("beforeunload", (event) => { if (!isLeaving && field.value !== saved) event.preventDefault(); });
field.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); $("#save-playbook").click(); }
});
number();
const asked = location.hash.match(/^#line-(\d+)$/); // from the page that compares
if (asked) show(Number(asked[1]));
