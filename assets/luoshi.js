// What makes pages pleasant; every one of them works without it.
import htmx from "htmx.org";
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;

document.addEventListener("keydown", (e) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
  if (e.key === "/" && !typing) {
    const search = document.querySelector("[data-search]");
    if (search) { e.preventDefault(); search.focus(); }
  }
  if (e.key === "Escape" && typing) e.target.blur();
});
// A picker that changes the scope sends its form at once; the button is for who has no script.
document.addEventListener("change", (e) => {
  const form = e.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
// A form is sent once.
document.addEventListener("submit", (e) => {
  if (e.target.method !== "post" || e.defaultPrevented) return;
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  e.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
