/* Findings while one types: the text goes to the desk, which reads it and keeps nothing. Without this file
   findings are shown after saving. */
import { $, all } from "./page.js";

document.documentElement.classList.add("has-script");
const WAIT = 350; // after the last key stroke
const GAP = "[…]";
const unitsBefore = (text, points) => [...text].slice(0, points).join("").length;

/* Where a stretch of the text that was read stands in the text as it is now; null when it was changed. */
export function follow(old, now, start, end) {
  const most = Math.min(old.length, now.length);
  let head = 0, tail = 0;
  while (head < most && old[head] === now[head]) head += 1;
  while (tail < most - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  if (end <= head) return [start, end];
  const shift = now.length - old.length;
  return start >= old.length - tail ? [start + shift, end + shift] : null;
}

export const lint = {
  timer: 0, read: "", flight: null, said: "",
  field() { return $("#draft"); },
  place() { return $("#lint"); },
  open(field) {
    if (!this.place()) return;
    this.read = field.defaultValue;
    this.said = this.summary();
    if (field.value !== this.read) this.later();
    this.mark();
  },
  later() { clearTimeout(this.timer); this.busy(true); this.timer = setTimeout(() => this.run(), WAIT); },
  busy(is) { const place = this.place(); if (place) place.setAttribute("aria-busy", String(is)); }, // findings of older words stand there
  async run() {
    clearTimeout(this.timer);
    const field = this.field(), place = this.place();
    if (!field || !place) return;
    if (this.flight) this.flight.abort();
    const text = field.value, data = new FormData(), flight = new AbortController();
    this.flight = flight;
    data.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]", field.form).value);
    data.set("text", text);
    let html;
    try {
      const response = await fetch(place.dataset.lint, { method: "POST", body: data, credentials: "same-origin", signal: flight.signal });
      if (!response.ok || response.redirected) return; // the old findings stay; saving says what is wrong
      html = await response.text();
    } catch { return; } finally { if (this.flight === flight) { this.flight = null; this.busy(false); } }
    if (place.isConnected && field.isConnected) { this.show(place, html, text); this.busy(field.value !== text); }
  },
  show(place, html, text) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    // What the person opened or stands on is found again by check and number.
    const open = all("details[open]", place).map((one) => this.name(place, one.closest("[data-finding]")));
    const here = place.contains(document.activeElement) ? document.activeElement : null;
    const name = here && this.name(place, here.closest("[data-finding]"));
    const kind = here && (here.hasAttribute("data-mend") ? "[data-mend]" : here.hasAttribute("data-select") ? "[data-select]" : here.hasAttribute("data-promise") ? "[data-promise]" : "summary");
    place.replaceChildren(fresh.content);
    this.read = text;
    for (const one of all("[data-finding]", place)) if (open.includes(this.name(place, one))) $("details", one).open = true;
    if (here) {
      const twin = all("[data-finding]", place).find((one) => this.name(place, one) === name);
      const target = (twin && $(kind, twin)) || this.field();
      target.focus({ preventScroll: true });
    }
    this.tell();
    this.mark();
  },
  name(place, finding) {
    const same = all("[data-finding]", place).filter((one) => one.dataset.finding === finding.dataset.finding);
    return `${finding.dataset.finding}#${same.indexOf(finding)}`;
  },
  summary() { const place = $("[data-summary]", this.place()); return place ? place.textContent.trim() : ""; },
  tell() {
    const { stopped, mayOverride } = $("[data-summary]", this.place()).dataset, box = $("#override"), words = this.summary();
    if (words !== this.said) { this.said = words; $("#lint-status").textContent = words; } // said once, not at every key
    if (!box) return;
    box.hidden = stopped !== "yes";
    $("[data-may-override]", box).hidden = mayOverride !== "yes";
    $("[data-never-override]", box).hidden = mayOverride === "yes";
  },
  /* The stretch [start, end) of code points of the text that was read, in the text as it is now. */
  find(start, end) { return follow(this.read, this.field().value, unitsBefore(this.read, start), unitsBefore(this.read, end)); },
  mark() {
    const field = this.field(), layer = $(".draft-marks");
    if (!field || !layer) return;
    const places = all("[data-start]", this.place()).map((one) => [this.find(Number(one.dataset.start), Number(one.dataset.end)), one.className.replace(/.*finding-/, "mark-")]);
    const parts = [];
    let at = 0;
    for (const [place, tone] of places.filter(([place]) => place).sort(([one], [other]) => one[0] - other[0])) {
      if (place[0] < at) continue;
      const mark = document.createElement("mark");
      mark.className = tone;
      mark.textContent = field.value.slice(...place);
      parts.push(field.value.slice(at, place[0]), mark);
      at = place[1];
    }
    layer.replaceChildren(...parts, `${field.value.slice(at)}\n`);
    layer.scrollTop = field.scrollTop;
  },
  select(finding) {
    const place = this.find(Number(finding.dataset.start), Number(finding.dataset.end));
    if (!place) { this.run(); return; }
    this.field().focus();
    this.field().setSelectionRange(...place);
  },
  mend(button) {
    const field = this.field(), { text } = button.dataset;
    const place = this.find(Number(button.dataset.from), Number(button.dataset.to));
    if (!place) { this.run(); return; } // it speaks of words that are gone: read anew first
    field.focus();
    field.setSelectionRange(...place);
    // The editing command can be undone with Ctrl+Z; where there is none, the text is set.
    if (!document.execCommand(text ? "insertText" : "delete", false, text) && (text || place[0] !== place[1])) {
      field.setRangeText(text, ...place, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const gap = text.indexOf(GAP);
    if (gap >= 0) field.setSelectionRange(place[0] + gap, place[0] + gap + GAP.length);
    else field.setSelectionRange(place[0], place[0] + text.length);
    this.run();
  },
};
for (const kind of ["input", "amends:put"]) document.addEventListener(kind, (event) => { if (event.target.id === "draft") { lint.mark(); lint.later(); } });
document.addEventListener("scroll", (event) => { if (event.target.id === "draft") $(".draft-marks").scrollTop = event.target.scrollTop; }, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest("#lint [data-select], #lint [data-mend], #lint [data-promise]");
  if (!button) return;
  if (button.dataset.promise) {
    $("#promise-new").open = true;
    $("#promise-text").value = button.dataset.promise;
    $("#promise-until").value = button.dataset.time;
    $("#promise-owner").focus();
    return;
  }
  if (button.hasAttribute("data-mend")) lint.mend(button); else lint.select(button.closest("[data-finding]"));
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !/^Digit[1-9]$/.test(event.code) || !event.target.closest || !event.target.closest("[data-editor]")) return;
  const button = $(`#lint [data-key="${event.code.slice(5)}"]`);
  if (button) { event.preventDefault(); lint.mend(button); }
});
