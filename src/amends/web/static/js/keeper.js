/* Keeps the words of one field, whatever happens: in this browser at once, at the desk after a pause, and in
   step with other tabs of the same person. It says on one line where they are. */
import { $ } from "./page.js";
import { showConflict } from "./conflict.js";
import { renew } from "./session.js";
import { store } from "./store.js";
import { tell } from "./tabs.js";

const PAUSE = 1500, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, SEEN = 50;
const words = () => $("#kept-words").dataset;
const clock = (at) => {
  const place = $("#kept-words").dataset, options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try { return new Intl.DateTimeFormat(document.documentElement.lang, { ...options, timeZone: place.zone }).format(new Date(at)); } catch { return new Intl.DateTimeFormat("en", options).format(new Date(at)); }
};

export class Keeper {
  /* `deliver(text, {keepalive})` gives an answer as of session.post; `line` is where its state stands. */
  constructor(field, { name, line, conflictPlace, deliver, saved = field.defaultValue, revision = 0 }) {
    Object.assign(this, { field, name, line, conflictPlace, deliver, saved, revision });
    Object.assign(this, { last: field.value, own: false, held: false, wait: 0, timer: 0, flight: null, savedAt: "", isLocal: true, seen: [saved] });
  }
  isDirty() { return this.field.value !== this.saved; }
  remember(text) { if (!this.seen.includes(text)) this.seen = [...this.seen, text].slice(-SEEN); }

  typed() {
    const base = this.last;
    this.last = this.field.value;
    this.own = true;
    this.keep();
    tell({ kind: "typed", name: this.name, base, text: this.last });
    if (!this.held) this.later(Math.max(PAUSE, Math.min(this.wait, 10000)));
  }
  async keep() {
    if (!this.isDirty()) { store.drop(this.name); this.isLocal = true; return; }
    this.isLocal = false;
    if (!this.wait) this.say("kept");
    const isKept = await store.set(this.name, { text: this.field.value, base: this.field.defaultValue, revision: this.revision, at: Date.now() });
    this.isLocal = isKept;
    if (!isKept) this.say("full");
  }
  later(pause = PAUSE) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), pause); }
  again() {
    this.wait = Math.min(this.wait ? this.wait * 2 : FIRST_WAIT, LONGEST_WAIT);
    this.later(this.wait * (0.8 + Math.random() * 0.4)); // not all desks of an office in the same moment
  }

  /* True when the desk has what stands in the field. */
  async save({ isLeaving = false } = {}) {
    clearTimeout(this.timer);
    if (this.held) return false;
    if (this.flight) { await this.flight; return this.isDirty() && !this.wait ? this.save() : !this.isDirty(); }
    if (!this.isDirty()) return true;
    this.flight = this.attempt(isLeaving, 0).finally(() => { this.flight = null; });
    return this.flight;
  }
  async attempt(isLeaving, round) {
    const text = this.field.value;
    if (!this.wait) this.say("saving");
    this.remember(text);
    const answer = await this.deliver(text, { keepalive: isLeaving });
    if (this.held) return false; // sent off, or disputed, meanwhile
    if (answer.kind === "saved") return this.arrived(text, answer.answer);
    if (answer.kind === "refused") { this.say("refused", answer.text); return false; }
    if (answer.kind === "conflict") return this.disputed(answer.answer.theirs, { isLeaving, round });
    if (answer.kind === "away") {
      const state = await renew();
      if (state === "same" && round === 0) return this.attempt(isLeaving, 1);
      if (state === "same") { this.say("refused", answer.text); return false; }
      if (state === "other") { this.held = true; this.say("other"); return false; }
      this.say(state === "none" ? "signedOut" : "offline");
    } else this.say("offline");
    this.again();
    return false;
  }
  arrived(text, { revision, at }) {
    Object.assign(this, { saved: text, revision, savedAt: at, wait: 0 });
    tell({ kind: "saved", name: this.name, text, revision, at });
    if (this.field.value !== text) { if (this.field.isConnected) this.keep(); this.later(); return false; }
    this.own = false;
    store.drop(this.name);
    this.say("saved");
    return true;
  }
  /* The desk has another text. An earlier one of this very tab means only that its answer was lost. */
  disputed(theirs, { isLeaving, round }) {
    const other = theirs || { text: this.saved, revision: 0 }; // it is gone there: begin anew
    this.revision = other.revision;
    if (other.text === this.field.value) { this.arrived(other.text, other); return true; }
    if (this.seen.includes(other.text) && round < 3) { this.saved = other.text; return this.attempt(isLeaving, round + 1); }
    this.conflict(other.text, "desk");
    return false;
  }
  conflict(theirs, from) {
    clearTimeout(this.timer);
    this.held = true;
    this.say("disputed");
    showConflict(this.field, { place: this.conflictPlace(), theirs, from, choose: (text) => this.settle(text, { theirs, from }) });
  }
  settle(text, { theirs, from }) {
    this.held = false;
    if (from === "desk") this.saved = theirs;
    this.put(text);
    this.last = theirs; // so that the other tab knows what this was said against
    this.typed();
    this.save();
  }
  put(text) {
    if (this.field.value === text) return;
    const { selectionStart, selectionEnd } = this.field, here = document.activeElement === this.field;
    this.field.value = text;
    if (here) this.field.setSelectionRange(selectionStart, selectionEnd);
    this.field.dispatchEvent(new CustomEvent("amends:put", { bubbles: true }));
  }

  /* What another tab of the same person says of these words. */
  heard({ kind, base, text, revision, at }) {
    const { value } = this.field;
    if (kind === "sent") { if (value === text) { this.done(false); this.put(this.field.defaultValue); } return; }
    if (kind === "saved") {
      Object.assign(this, { revision, savedAt: at, saved: text });
      this.remember(text);
      if (value === text) { this.own = false; clearTimeout(this.timer); this.say("saved"); }
      return;
    }
    this.remember(text);
    if (value === text) return;
    if (this.own && value !== base) { this.conflict(text, "tab"); return; }
    clearTimeout(this.timer); // that tab saves what it types
    this.own = false;
    this.last = text;
    this.put(text);
    this.say("mirrored");
  }
  /* It was sent off: whatever still runs for it must not bring it back. */
  done(isToTell = true) {
    clearTimeout(this.timer);
    this.held = true;
    store.drop(this.name);
    if (isToTell) tell({ kind: "sent", name: this.name, text: this.field.value });
  }

  say(state, text = "") {
    if (!this.line || !this.line.isConnected) return;
    const said = words(), parts = [];
    if (state === "saved") parts.push(said.saved.replace("{time}", clock(this.savedAt)));
    else if (state === "saving") parts.push(said.saving);
    else if (state === "refused") parts.push(text || said.offline);
    else if (state === "full") parts.push(said.full);
    else {
      parts.push(state === "restoredFromDesk" ? said.keptAtDesk : said.kept);
      if (this.savedAt) parts.push(said.savedBefore.replace("{time}", clock(this.savedAt)));
      if (said[state] && state !== "kept") parts.push(said[state]);
    }
    const sentence = parts.join(" · ");
    if (this.line.dataset.sentence === sentence) return; // not read out again for every letter
    this.line.dataset.sentence = sentence;
    this.line.textContent = sentence;
    if (state !== "signedOut") return;
    const link = $("template#kept-sign-in").content.firstElementChild.cloneNode(true);
    this.line.append(" ", link);
  }
}
