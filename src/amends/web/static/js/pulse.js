import { refreshCase } from "./case.js";
import { $, all, isNarrow, say } from "./page.js";
import { presence } from "./presence.js";
import { reachable } from "./trouble.js";

/* --- the pulse: what is new, without a reload --- */
const rows = $("#rows"), scroller = $("#list-scroll"), pill = $("#arrived");
let moved = 0, waiting = [];
if (scroller) scroller.addEventListener("pointermove", () => { moved = Date.now(); });
const scrolled = () => (isNarrow() ? scrollY : scroller.scrollTop) > 8;
const pulse = {
  timer: 0, busy: false, wait: 2000,
  soon() { clearTimeout(this.timer); this.timer = setTimeout(() => this.beat(), 300); },
  async beat() {
    clearTimeout(this.timer);
    if (!document.hidden && !this.busy && rows) {
      this.busy = true;
      try { await this.ask(); this.wait = 2000; reachable(true); } catch { this.wait = Math.min(this.wait * 2, 30000); if (this.wait > 4000) reachable(false); }
      this.busy = false;
    }
    this.timer = setTimeout(() => this.beat(), this.wait);
  },
  async ask() {
    const shown = $("#case .case");
    const query = new URLSearchParams({ place: rows.dataset.place, stamp: rows.dataset.stamp, latest: rows.dataset.latest });
    if (shown) { query.set("case", shown.dataset.case); query.set("seen", shown.dataset.seen); }
    presence.tell(query);
    const response = await fetch(`${rows.dataset.pulse}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.status !== 204) {
      if (!response.ok || response.redirected) throw new Error("no pulse");
      const news = await response.json();
      rows.dataset.stamp = news.stamp;
      rows.dataset.latest = news.latest;
      for (const [view, count] of Object.entries(news.counts)) { const place = $(`[data-count="${view}"]`); if (!place) continue; place.textContent = count; const rare = place.closest("li[data-rare]"); if (rare && count) rare.hidden = false; }
      const bell = $("[data-notices]");
      if (bell && news.notices !== undefined) bell.textContent = news.notices;
      news.rows.forEach(takeRow);
      news.gone.forEach(leaveRow);
      news.hidden.forEach(hideRow);
      if (news.case) await refreshCase(news.case);
      presence.show(news.presence);
    }
    settle();
  },
};
function rowFrom(news) {
  const holder = document.createElement("template");
  holder.innerHTML = news.html.trim();
  const row = holder.content.firstElementChild;
  const shown = $("#case .case");
  if (shown && news.id === `row-${shown.dataset.case}`) $("a", row).setAttribute("aria-current", "true");
  return row;
}
function takeRow(news) {
  const old = document.getElementById(news.id);
  if (old) {
    if (old.dataset.stamp === news.stamp) return;
    const hadFocus = old.contains(document.activeElement), row = rowFrom(news);
    old.replaceWith(row);
    if (window.htmx) window.htmx.process(row);
    if (hadFocus) $("a", row).focus({ preventScroll: true });
    return;
  }
  if (belongsHere(news)) waiting = waiting.filter((one) => one.id !== news.id).concat(news);
}
function leaveRow(news) {
  waiting = waiting.filter((one) => one.id !== news.id);
  if (!document.getElementById(news.id)) return;
  takeRow(news); // it shows how the case stands, until it is no longer looked at
  document.getElementById(news.id).classList.add("has-left");
}
function hideRow(id) { // out of this person's sight: not even its words stay
  waiting = waiting.filter((one) => one.id !== id);
  const row = document.getElementById(id);
  if (row) row.remove();
}
/* "stretch~time~number", as the server sorts: stretches upwards, the rest as the order of the list says. */
const comesBefore = (a, b) => {
  const [left, right] = [a.split("~"), b.split("~")];
  if (left[0] !== right[0]) return Number(left[0]) < Number(right[0]);
  const [early, late] = "down" in rows.dataset ? [right, left] : [left, right];
  return early[1] === late[1] ? Number(early[2]) < Number(late[2]) : early[1] < late[1];
};
/* A case that changed on a page of the list that is not shown yet is no news. */
const belongsHere = (news) => news.is_new || !$("#more") || comesBefore(news.sort, all(".case-row", rows).at(-1).dataset.sort);
/* What arrives stands on top, where it is seen; the next opening of the list puts it in order. */
function place(news) {
  const row = rowFrom(news);
  row.classList.add("is-new");
  rows.prepend(row);
  if (window.htmx) window.htmx.process(row);
}
/* A page that follows may bring a row that has arrived already. */
document.addEventListener("htmx:afterSettle", () => {
  const seen = new Set();
  for (const row of rows ? all(".case-row", rows) : []) seen.has(row.id) ? row.remove() : seen.add(row.id);
});
function settle(force) {
  const isBusy = scroller && scroller.matches(":hover") && Date.now() - moved < 2000;
  // On a phone the list is the page: a row on top would push away what the thumb is about to touch.
  const wouldShift = isNarrow() && Boolean($(".case-row", rows));
  if (!force && (scrolled() || isBusy || wouldShift)) { showPill(); return; }
  const shown = $("#case .case");
  for (const row of all(".case-row.has-left", rows)) if (!row.contains(document.activeElement) && !(shown && row.id === `row-${shown.dataset.case}`)) row.remove();
  const count = waiting.length;
  waiting.forEach(place);
  waiting = [];
  showPill();
  presence.show();
  $("#empty").hidden = Boolean($(".case-row", rows));
  if (count) say((count === 1 ? rows.dataset.saidOne : rows.dataset.saidMany).replace("{count}", count));
}
function showPill() {
  pill.hidden = !waiting.length;
  if (waiting.length) $("span", pill).textContent = (waiting.length === 1 ? pill.dataset.one : pill.dataset.many).replace("{count}", waiting.length);
}
if (pill) pill.addEventListener("click", () => { (isNarrow() ? window : scroller).scrollTo({ top: 0 }); settle(true); const first = $(".case-row a", rows); if (first) first.focus({ preventScroll: true }); });

if (rows) {
  pulse.timer = setTimeout(() => pulse.beat(), 1500);
  document.addEventListener("desk:opened", () => pulse.soon());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) pulse.soon(); });
}
