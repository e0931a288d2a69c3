/* Every longer field of a form that is posted is kept until the desk has taken the form: notes, reasons, texts. */
import { $, all } from "./page.js";
import { Keeper } from "./keeper.js";
import { person, post, takeArrived } from "./session.js";
import { canLock, store } from "./store.js";
import { listen } from "./tabs.js";

const LONG = 200; // characters that a field of one line must hold to be worth keeping
const APART = ["task", "promise", "measure", "appeal", "brand", "kind", "language", "clause", "id", "pk"]; // hidden inputs that tell twin forms apart
const keepers = new Map(); // by field
let remote = null; // a promise of what the desk keeps, by place

export const watch = (keeper) => { keepers.set(keeper.field, keeper); };
const ofForm = (form) => [...keepers.values()].filter((one) => one.field.form === form);
const alive = () => { for (const field of keepers.keys()) if (!field.isConnected) { keepers.delete(field); } return [...keepers.values()]; };

function isKept(field) {
  const { form } = field;
  if (!form || field.id === "draft" || field.hidden || field.readOnly || field.dataset.keep === "no") return false;
  if (form.method !== "post" && !form.hasAttribute("hx-post")) return false;
  if (field.matches("textarea")) return true;
  return field.type === "text" && (Boolean(field.dataset.keep) || Number(field.getAttribute("maxlength")) >= LONG);
}
const addressOf = (form) => new URL(form.getAttribute("action") || form.getAttribute("hx-post") || location.pathname, location.href).pathname;
function placeOf(field) {
  const { form } = field, apart = APART.map((name) => form.querySelector(`input[type=hidden][name=${name}]`)).filter(Boolean).map((one) => `${one.name}=${one.value}`);
  return [`${addressOf(form)}#${field.name}`, ...apart].join("&").slice(0, LONG);
}
const fieldsIn = (root) => all("textarea, input[type=text], input:not([type])", root).filter(isKept);

function lineFor(field) {
  const line = document.createElement("p");
  line.className = "kept-line small soft";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  line.append(said);
  (field.closest(".draft-box") || field).after(line);
  return said;
}
function boxFor(field) {
  const box = document.createElement("div");
  const line = field.parentElement.querySelector(".kept-line");
  (line || field).after(box);
  return box;
}
function keeperOf(field) {
  if (keepers.has(field)) return keepers.get(field);
  const place = placeOf(field);
  let box = null;
  const keeper = new Keeper(field, {
    name: place, line: lineFor(field), conflictPlace: () => (box ||= boxFor(field)),
    deliver: (text, how) => {
      const data = new FormData();
      data.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]").value);
      data.set("place", place);
      data.set("text", text === field.defaultValue ? "" : text);
      data.set("revision", keeper.revision);
      return post("/kept/", data, how);
    },
  });
  watch(keeper);
  return keeper;
}
async function kept() {
  remote ||= fetch("/kept/", { headers: { Accept: "application/json", "X-Amends-Person": person }, credentials: "same-origin" })
    .then((response) => (response.ok && !response.redirected ? response.json() : { kept: [] }))
    .then((answer) => new Map(answer.kept.map((one) => [one.place, one])))
    .catch(() => { remote = null; return new Map(); });
  return remote;
}

/* Put back what was typed before: silently into an empty field, with a choice where other words stand. */
export async function openKept(root) {
  const fields = fieldsIn(root);
  if (!fields.length) return;
  for (const field of fields) if (field.value !== field.defaultValue && !keepers.has(field)) keeperOf(field).typed();
  const desk = await kept();
  for (const field of fields) {
    if (!field.isConnected || keepers.has(field)) continue;
    const place = placeOf(field), there = desk.get(place), here = await store.get(place);
    if (keepers.has(field) || (!there && !here)) continue;
    const keeper = keeperOf(field);
    if (there) Object.assign(keeper, { saved: there.text, revision: there.revision, savedAt: there.at, seen: [there.text] });
    restore(keeper, { there, here });
  }
}
function restore(keeper, { there, here }) {
  const { field } = keeper, best = here || there, shown = field.defaultValue;
  if (best.text === shown && !(there && here)) { store.drop(keeper.name); keeper.save(); return; }
  const isStale = shown !== "" && !(here && here.base === shown);
  keeper.last = best.text;
  keeper.put(best.text);
  keeper.own = Boolean(here);
  if (isStale) { keeper.conflict(shown, "page"); return; }
  if (here && there && here.text === there.text) { // the desk had taken it when this page was left: only its answer was lost
    keeper.arrived(there.text, there);
    unfold(field);
    return;
  }
  if (here && there && here.revision !== there.revision) { keeper.conflict(there.text, "desk"); return; }
  keeper.say(here ? "restored" : "restoredFromDesk");
  if (here) keeper.later(0);
  unfold(field);
}
function unfold(field) { const fold = field.closest("details:not([open])"); if (fold) fold.open = true; }

document.addEventListener("input", (event) => {
  const field = event.target;
  if (keepers.has(field)) keepers.get(field).typed();
  else if (field.matches && field.matches("textarea, input") && isKept(field)) keeperOf(field).typed();
});
document.addEventListener("focusout", (event) => { const keeper = keepers.get(event.target); if (keeper) keeper.save(); });
listen((message) => {
  for (const keeper of alive()) if (keeper.name === message.name) keeper.heard(message);
  if (message.kind === "typed" && !alive().some((one) => one.name === message.name)) {
    const field = fieldsIn(document).find((one) => placeOf(one) === message.name);
    if (field) { const keeper = keeperOf(field); keeper.heard(message); }
  }
});
const saveAll = (how) => Promise.all(alive().map((keeper) => keeper.save(how)));
addEventListener("online", () => saveAll());
addEventListener("focus", () => saveAll());
addEventListener("pagehide", () => { saveAll({ isLeaving: true }); });
document.addEventListener("visibilitychange", () => { saveAll({ isLeaving: document.hidden }); });
addEventListener("beforeunload", (event) => { if (alive().some((one) => one.isDirty() && !one.isLocal)) event.preventDefault(); });

/* A form goes off with the list of what it carries; only when the desk has taken it are the words let go. */
document.addEventListener("submit", (event) => {
  const form = event.target, places = ofForm(form).filter((one) => one.field.id !== "draft").map((one) => one.name);
  if (form.hasAttribute("data-sign-out")) { leave(event, form); return; }
  if (!places.length) return;
  const stamp = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  let input = form.querySelector("input[name=kept]");
  if (!input) { input = document.createElement("input"); input.type = "hidden"; input.name = "kept"; form.append(input); }
  input.value = JSON.stringify({ stamp, places });
  store.sent(stamp, places);
}, true);
/* What was typed after a form went off was not in it: it stays, and is put back into the form that comes. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const { requestConfig } = event.detail, form = requestConfig && requestConfig.elt && requestConfig.elt.closest("form");
  if (form) for (const keeper of ofForm(form)) keeper.went = keeper.field.value;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail, form = requestConfig && requestConfig.elt && requestConfig.elt.closest("form");
  if (!form || xhr.status >= 400 || requestConfig.verb === "get") return;
  for (const keeper of ofForm(form)) {
    if (keeper.went !== keeper.field.value) { keeper.keep(); continue; }
    keeper.done();
    if (remote) remote.then((desk) => desk.delete(keeper.name));
  }
});
const stamp = takeArrived();
if (stamp) store.arrived(stamp);

/* Signing out by hand: everything is handed over first. What the desk cannot take stays here, locked; where this
   browser has no locks the person is asked. */
async function leave(event, form) {
  event.preventDefault();
  event.stopImmediatePropagation();
  await saveAll();
  const left = store.names().length;
  if (left && !canLock && !confirm($("#kept-words").dataset.leaving)) return;
  form.submit();
}
