/* Who else is at a case: asked for and brought by the pulse; rows that are drawn anew keep it. */
import { $, all } from "./page.js";

const TYPES_FOR = 5000; // after the last letter
let typed = 0, pieces = {};
document.addEventListener("input", (event) => { if (event.target.id === "draft") typed = Date.now(); });
export const presence = {
  /* What the pulse says of this page. */
  tell(query) { if (query.has("case") && Date.now() - typed < TYPES_FOR) query.set("typing", "1"); },
  /* What it brought; without anything the last news still hold. */
  show(news) {
    if (news) pieces = news;
    for (const place of all("[data-here-row]")) put(place, (pieces[place.dataset.hereRow] || {}).row || "");
    const place = $("[data-here]");
    if (place) put(place, (pieces[place.dataset.here] || {}).case || "");
  },
};
function put(place, html) {
  const bare = html.trim();
  if ((place.dataset.shown || "") === bare && (bare || !place.childElementCount)) return;
  place.dataset.shown = bare;
  place.innerHTML = bare;
}
addEventListener("pagehide", () => {
  const shown = $("#case .case"), rows = $("#rows");
  if (!shown || !rows || !rows.dataset.leave) return;
  const data = new FormData(), token = $("[name=csrfmiddlewaretoken]");
  data.set("case", shown.dataset.case);
  if (token) data.set("csrfmiddlewaretoken", token.value);
  navigator.sendBeacon(rows.dataset.leave, data);
});
