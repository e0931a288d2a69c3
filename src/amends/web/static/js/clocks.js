import { $, all } from "./page.js";

/* Clocks run on while the page is open; days are left as the desk wrote them. */
export function tick() {
  const now = Date.now();
  for (const due of all("[data-due]")) {
    const left = Date.parse(due.dataset.due) - now, minutes = Math.floor(Math.abs(left) / 60000), clock = $(".due-clock", due);
    if (minutes < 1440) clock.textContent = minutes < 60 ? due.dataset.minutes.replace("0", minutes) : due.dataset.hours.replace("0", Math.floor(minutes / 60));
    const wasLate = due.classList.contains("due-late");
    due.classList.toggle("due-late", left <= 0);
    due.classList.toggle("due-soon", left > 0 && left < 900000);
    if (left <= 0) { $(".due-word", due).textContent = due.dataset.word; if (!wasLate) $("use", due).setAttribute("href", $("use", due).getAttribute("href").replace("#clock", "#triangle-alert")); }
  }
  for (const pause of all("[data-until]")) {
    const left = Math.ceil((Date.parse(pause.dataset.until) - now) / 1000);
    $("[data-left]", pause).textContent = left > 0 ? `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")})` : "";
    const button = $("[data-after-pause]");
    if (button && left <= 0) button.disabled = false;
  }
}
setInterval(tick, 1000);
