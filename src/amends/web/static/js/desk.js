/* What the pages do beyond links and forms: keys, drafts that save themselves, and news without a reload.
   Everything here is an addition: without it links and forms still do the work. */
import "./marks.js";
import "./bulk.js";
import "./mention.js";
import "./keys.js";
import "./pulse.js";
import "./tour.js";
import "./find.js";
import "./trouble.js";
import { prepare } from "./case.js";
import { $, all, say } from "./page.js";

document.addEventListener("click", (event) => {
  for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  const button = event.target.closest("[data-open], [data-dismiss], [data-copy]");
  if (!button) return;
  if (button.dataset.open) $(`#${button.dataset.open}`).showModal();
  if (button.dataset.dismiss) $(`#${button.dataset.dismiss}`).hidden = true;
  if (button.dataset.copy) copy(button);
});
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try { await navigator.clipboard.writeText(source.textContent); } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("copy");
  }
  $("span", button).textContent = button.dataset.done;
  say(button.dataset.done);
}

const view = $(".views a[aria-current]");
if (view) view.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone the views scroll sideways

prepare(document);
if (location.hash === "#draft" && $("#draft")) $("#draft").focus(); // a reply begun without htmx
