import { $, all, store } from "./page.js";

/* --- the draft saves itself --- */
const segment = "Segmenter" in Intl ? new Intl.Segmenter() : null;
const lengthOf = (text, unit) => (unit === "graphemes" && segment ? [...segment.segment(text)].length : [...text].length);
export const draft = {
  timer: 0, flight: null,
  field() { return $("#draft"); },
  form() { return $("[data-editor]"); },
  status(text) { const place = $("#saved"); if (place) place.textContent = text; },
  count(field) {
    const length = lengthOf(field.value, field.dataset.unit), limit = Number(field.dataset.limit) || Infinity;
    $("[data-length]").textContent = length;
    $("[data-over]").hidden = length <= limit;
    field.classList.toggle("over-limit", length > limit);
  },
  open(field) {
    const name = `reply-${field.dataset.draft}`, kept = store.get(name);
    // What the server sent, not what stands there: somebody quick may have typed before this ran.
    field.dataset.saved = field.defaultValue;
    if (field.value !== field.defaultValue) this.typed(field);
    else if (kept && kept.text !== field.value) {
      field.value = kept.text;
      $("[name=revision]", this.form()).value = kept.revision;
      this.later();
    } else store.drop(name);
    this.count(field);
  },
  typed(field) {
    for (const tick of all("[name=bystander]")) tick.checked = false; // they were given for other words
    store.set(`reply-${field.dataset.draft}`, { text: field.value, revision: Number($("[name=revision]", this.form()).value) });
    this.count(field);
    this.later();
  },
  later() { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), 1500); },
  isDirty() { const field = this.field(); return Boolean(field && field.dataset.saved !== undefined && field.value !== field.dataset.saved); },
  async save() {
    clearTimeout(this.timer);
    if (this.flight) { await this.flight; return this.isDirty() ? this.save() : true; }
    if (!this.isDirty()) return true;
    this.flight = this.send().finally(() => { this.flight = null; });
    return this.flight;
  },
  async send() {
    const field = this.field(), form = this.form(), place = $("#saved"), text = field.value;
    const data = new FormData(form);
    data.set("text", text);
    this.status(place.dataset.saving);
    let response;
    try {
      response = await fetch(form.dataset.save, { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" });
    } catch { this.status(place.dataset.offline); setTimeout(() => this.save(), 5000); return false; }
    if (response.redirected || response.status === 401 || response.status === 403) { this.status(place.dataset.signedOut); return false; }
    const answer = await response.json().catch(() => null);
    if (!field.isConnected) return true;
    if (response.status === 409 && answer) { this.conflict(answer.conflict); return false; }
    if (!response.ok || !answer) { this.status((answer && answer.problem) || place.dataset.offline); if (!answer) setTimeout(() => this.save(), 5000); return false; }
    field.dataset.saved = text;
    $("[name=revision]", form).value = answer.revision;
    if (field.value === text) store.drop(`reply-${field.dataset.draft}`);
    else { this.typed(field); }
    this.status(answer.said);
    return true;
  },
  conflict(html) {
    const place = $("#conflict");
    place.innerHTML = html;
    if (window.htmx) window.htmx.process(place);
    this.status("");
    delete this.field().dataset.saved; // no further saving until the person has chosen
  },
};
document.addEventListener("input", (event) => { if (event.target.id === "draft") draft.typed(event.target); });
document.addEventListener("focusout", (event) => { if (event.target.id === "draft") draft.save(); });
addEventListener("beforeunload", (event) => { if (draft.isDirty() && !store.get(`reply-${draft.field().dataset.draft}`)) event.preventDefault(); });
addEventListener("online", () => draft.save());
