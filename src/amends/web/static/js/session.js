/* Who is signed in at this browser, and going on after a sign-in in another tab: a page speaks for the person
   who opened it and for nobody else, so its forms are renewed only for that person. */
import { all } from "./page.js";

export const person = document.body.dataset.person || "0";
const cookie = (name) => (document.cookie.split("; ").find((one) => one.startsWith(`${name}=`)) || "").slice(name.length + 1);

/* "same", "other", "none" (nobody), or "offline". */
export async function renew() {
  try {
    const response = await fetch("/who/", { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    if (!response.ok) return "offline";
    const answer = await response.json();
    if (!answer.person) return "none";
    if (String(answer.person) !== person) return "other";
  } catch { return "offline"; }
  const token = cookie("csrftoken");
  if (token) {
    all("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }
  return "same";
}

/* One answer of the desk, in one word: saved, conflict, refused, away (signed out, or an old form), offline. */
export async function post(url, data, { keepalive = false } = {}) {
  let response, text;
  try {
    response = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json", "X-Amends-Person": person }, credentials: "same-origin", keepalive });
    text = await response.text();
  } catch { return { kind: "offline" }; }
  if (response.redirected || response.status === 401 || response.status === 403) return { kind: "away", text: response.redirected ? "" : text };
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { kind: "offline" };
  let answer;
  try { answer = JSON.parse(text); } catch { return { kind: "refused", text }; }
  if (response.status === 409) return { kind: "conflict", answer };
  return response.ok ? { kind: "saved", answer } : { kind: "refused", text: answer.problem };
}

document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Amends-Person"] = person; });

/* Where the desk confirmed a form: its stamp, read once. */
export function takeArrived() {
  const stamp = cookie("kept_arrived");
  if (stamp) document.cookie = "kept_arrived=; Max-Age=0; path=/; SameSite=Lax";
  return stamp;
}
