/* When the desk cannot be asked, or says no: in plain words beside what was tried, with a way to try again.
   Nothing on the page is thrown away, and focus stays where it was. */
import { $, all } from "./page.js";
import { renew } from "./session.js";

const KINDS = { 0: "lost", 403: "refused", 404: "gone", 408: "lost", 429: "often", 502: "lost", 503: "lost", 504: "lost" };
const isSignIn = (xhr) => xhr && /^\/(accounts|sign-in|login)/.test(new URL(xhr.responseURL || "/", location.href).pathname);

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isSignIn(event.detail.xhr)) return;
  event.detail.shouldSwap = false; // the sign-in page does not belong into a part of this one
  show("signedOut", event.detail);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { xhr } = event.detail, status = xhr ? xhr.status : 0;
  if (isSignIn(xhr) || (status >= 200 && status < 400) || status === 409 || status === 422) return;
  show(KINDS[status] || "broken", event.detail);
});
document.addEventListener("htmx:beforeRequest", (event) => clear(event.detail));

/* What takes longer than a blink is shown where it will appear; the place keeps its size and its words. */
const BLINK = 200, busy = new Map();
function wait(event) {
  const { target, xhr } = event.detail;
  if (!target || !xhr) return;
  busy.set(xhr, { target, timer: setTimeout(() => target.setAttribute("aria-busy", "true"), BLINK) });
}
function waited(event) {
  const one = busy.get(event.detail.xhr);
  if (!one) return;
  clearTimeout(one.timer);
  busy.delete(event.detail.xhr);
  if (![...busy.values()].some((other) => other.target === one.target)) one.target.removeAttribute("aria-busy");
}
document.addEventListener("htmx:beforeSend", wait);
for (const end of ["htmx:afterRequest", "htmx:beforeSwap", "htmx:sendError", "htmx:sendAbort", "htmx:timeout"]) document.addEventListener(end, waited);

const sourceOf = (detail) => (detail.requestConfig && detail.requestConfig.elt) || detail.elt;
function placeOf(source) {
  const form = source.closest("form");
  if (form && form.isConnected) return { put: (box) => form.append(box), root: form };
  const row = source.closest("#more, .rows-more");
  if (row) return { put: (box) => row.append(box), root: row };
  const pane = $("#case") || $("#notices");
  return { put: (box) => pane.prepend(box), root: pane };
}
function clear(detail) {
  const source = sourceOf(detail);
  if (source && source.closest) all("[data-trouble]", placeOf(source).root).forEach((old) => old.remove());
}
function show(kind, detail) {
  const source = sourceOf(detail), template = $("template#trouble");
  if (!source || !template) return;
  const { xhr } = detail, place = placeOf(source), box = template.content.firstElementChild.cloneNode(true);
  const own = xhr && (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && xhr.status < 500 ? xhr.responseText : "";
  for (const one of all("[data-kind]", box)) if (one.dataset.kind !== kind) one.remove();
  if (own) { const text = $(`[data-kind="${kind}"]`, box); if (text) text.textContent = own; }
  $("[data-sign-in]", box).hidden = kind !== "signedOut";
  all("[data-trouble]", place.root).forEach((old) => old.remove());
  const again = $("[data-again]", box), submitter = detail.requestConfig && detail.requestConfig.triggeringEvent && detail.requestConfig.triggeringEvent.submitter;
  again.hidden = kind === "gone";
  again.addEventListener("click", async () => {
    if (kind === "signedOut" || kind === "refused") await renew();
    if (!source.isConnected) { location.reload(); return; }
    box.remove();
    const form = source.closest("form"), button = submitter && submitter.isConnected ? submitter : null;
    (button || source).focus({ preventScroll: true });
    if (form) form.requestSubmit(button); else source.click();
  });
  place.put(box);
  if (place.root.id === "case") { place.root.scrollTop = 0; }
}

/* The list and the clocks live on news from the desk: that there are none is said where it shifts nothing. */
const line = $("#unreachable");
export function reachable(isReachable) { if (line) line.hidden = isReachable; }
addEventListener("offline", () => reachable(false));
addEventListener("online", () => reachable(true));
if (navigator.onLine === false) reachable(false);
