/* Two versions of the same words side by side, and a choice: mine, theirs, both. Nothing is overwritten before. */
import { $, all, say } from "./page.js";
import { diffWords } from "./word_diff.js";

function fill(place, runs, tag) {
  place.replaceChildren(...runs.map(([words, differs]) => {
    if (!differs) return document.createTextNode(words);
    const mark = document.createElement(tag);
    mark.textContent = words;
    return mark;
  }));
}

/* `choose(text)` is called once; a second call for the same field shows the newer version of the other side. */
export function showConflict(field, { place, theirs, from, choose }) {
  const box = $("template#kept-conflict").content.firstElementChild.cloneNode(true);
  const said = $(`[data-from="${from}"]`, box);
  all("[data-from]", box).forEach((one) => { one.hidden = one !== said; });
  const draw = () => {
    const [mine, others] = diffWords(field.value, theirs);
    fill($("[data-mine]", box), mine, "ins");
    fill($("[data-theirs]", box), others, "del");
  };
  draw();
  field.addEventListener("input", draw);
  const joined = () => [field.value, theirs].map((one) => one.trim()).filter(Boolean).join(field.matches("textarea") ? "\n\n" : " ");
  const texts = { mine: () => field.value, theirs: () => theirs, both: joined };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    field.removeEventListener("input", draw);
    box.remove();
    choose(texts[button.dataset.choose]());
    field.focus();
  });
  place.replaceChildren(box);
  say(said.textContent.trim());
}
