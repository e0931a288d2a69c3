import { $, all, say } from "./page.js";

/* --- the tour --- */
const tour = $("#tour");
if (tour) {
  const sections = all("section", tour), back = $("[data-tour-back]", tour), next = $("[data-tour-next]", tour), end = $("[data-tour-end]", tour);
  let at = Math.min(Number(tour.dataset.step) || 0, sections.length - 1);
  const show = () => {
    all(".tour-here").forEach((one) => one.classList.remove("tour-here"));
    sections.forEach((section, rank) => { section.hidden = rank !== at; });
    const here = $(`[data-tour="${sections[at].dataset.at}"]`) || $(`[data-tour="${sections[at].dataset.else}"]`);
    if (here) { here.classList.add("tour-here"); here.scrollIntoView({ block: "nearest" }); }
    back.hidden = at === 0;
    next.hidden = at === sections.length - 1;
    if (next.hidden) end.textContent = end.dataset.done;
  };
  const remember = (step) => {
    const data = new FormData($("form", tour));
    data.set("step", step);
    fetch(tour.dataset.url, { method: "POST", body: data, headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: true });
  };
  next.addEventListener("click", () => { at += 1; show(); remember(at); say($("h3", sections[at]).textContent); });
  back.addEventListener("click", () => { at -= 1; show(); remember(at); });
  $("form", tour).addEventListener("submit", (event) => { event.preventDefault(); remember(99); all(".tour-here").forEach((one) => one.classList.remove("tour-here")); tour.remove(); const rest = $("#content"); if (rest) rest.focus({ preventScroll: true }); });
  show();
}
