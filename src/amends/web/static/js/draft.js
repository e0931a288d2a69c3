/* The reply that is being written: it saves itself, as a revision of the draft that colleagues share. */
import { $, all } from "./page.js";
import { Keeper } from "./keeper.js";
import { post } from "./session.js";
import { store } from "./store.js";
import { watch } from "./kept.js";

const segment = "Segmenter" in Intl ? new Intl.Segmenter() : null;
const lengthOf = (text, unit) => (unit === "graphemes" && segment ? [...segment.segment(text)].length : [...text].length);

export const draft = {
  keeper: null,
  field() { return $("#draft"); },
  form() { return $("[data-editor]"); },
  current() { const field = this.field(); return this.keeper && this.keeper.field === field ? this.keeper : null; },
  count(field) {
    const length = lengthOf(field.value, field.dataset.unit), limit = Number(field.dataset.limit) || Infinity;
    $("[data-length]").textContent = length;
    $("[data-over]").hidden = length <= limit;
    field.classList.toggle("over-limit", length > limit);
  },
  async open(field) {
    const form = field.form, revision = $("[name=revision]", form);
    const keeper = new Keeper(field, {
      name: `reply-${field.dataset.draft}`, line: $("#saved"), conflictPlace: () => $("#conflict"), revision: Number(revision.value),
      deliver: (text, how) => {
        const data = new FormData(form);
        data.set("text", text);
        data.set("revision", keeper.revision);
        return post(form.dataset.save, data, how);
      },
    });
    // The form itself sends what the keeper knows, so that "ask" is not told of a conflict that is none.
    Object.defineProperty(keeper, "revision", { get: () => Number(revision.value), set: (number) => { revision.value = number; } });
    this.keeper = keeper;
    watch(keeper);
    // What the server sent, not what stands there: somebody quick may have typed before this ran.
    if (field.value !== field.defaultValue) keeper.typed();
    this.count(field);
    const kept = await store.get(keeper.name);
    if (!kept || !field.isConnected || field.value !== field.defaultValue) return;
    if (kept.text === field.value || $("[data-conflict]")) { store.drop(keeper.name); return; }
    if (kept.revision !== keeper.revision) { keeper.put(kept.text); keeper.own = true; keeper.last = kept.text; keeper.keep(); keeper.conflict(field.defaultValue, "desk"); return; }
    keeper.put(kept.text);
    keeper.last = kept.text;
    keeper.own = true;
    keeper.say("kept");
    keeper.later(0);
  },
  isDirty() { const keeper = this.current(); return Boolean(keeper && keeper.isDirty()); },
  async save() { const keeper = this.current(); return keeper ? keeper.save() : true; },
};
document.addEventListener("input", (event) => { if (event.target.id === "draft") changed(event.target); });
/* "/" in an empty draft opens the starting points; choosing one is a second key. */
document.addEventListener("beforeinput", (event) => {
  const menu = $("#starting-points");
  if (event.target.id !== "draft" || event.data !== "/" || event.target.value !== "" || !menu) return;
  event.preventDefault();
  menu.hidden = false;
  menu.open = true;
  $("button", menu).focus();
});
document.addEventListener("amends:put", (event) => { if (event.target.id === "draft") changed(event.target); });
function changed(field) {
  for (const tick of all("[name=bystander]")) tick.checked = false; // they were given for other words
  draft.count(field);
  const menu = $("#starting-points");
  if (menu) menu.hidden = field.value !== "";
}
