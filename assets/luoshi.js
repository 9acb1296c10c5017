// What makes pages pleasant; every one of them works without it. Nothing here writes a style attribute or evaluates
// text, so the pages' content policy stands as it is.
import htmx from "htmx.org";
import { say } from "./say.js";
import { keepDraft, leaving } from "./draft.js";
import { picks, totals } from "./lists.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: none stays in the browser's storage

const typing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && !/^(checkbox|radio|button|submit)$/.test(e.target.type);
const composing = (e) => e.isComposing || e.keyCode === 229; // the Escape or / belongs to the input method

/* ---- keys: / searches, Escape leaves ---- */
document.addEventListener("keydown", (e) => {
  if (composing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "/" && !typing(e)) {
    const search = document.querySelector("[data-search]");
    if (search && search.offsetParent) { e.preventDefault(); search.focus(); search.select(); }
  }
  if (e.key !== "Escape") return;
  const open = document.querySelector(".foot details[open]");
  if (open) { open.open = false; open.firstElementChild.focus(); return; }
  if (typing(e)) { e.target.blur(); return; } // once out of the field, again out of the page
  const out = document.querySelector("[data-escape]");
  if (out) out.click();
});

/* ---- forms ---- */
// A picker that changes the scope sends its form at once; the button is for who has no script.
document.addEventListener("change", (e) => {
  const form = e.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
// A form is sent once: the server drops a second one too, by _request.
document.addEventListener("submit", (e) => {
  if (e.target.method !== "post" || e.defaultPrevented) return;
  if (e.submitter && e.submitter.dataset.again !== undefined) return; // a download leaves the page where it is
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  e.target.dataset.sent = "1";
  e.target.setAttribute("aria-busy", "true");
});
const free = (form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); };
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
document.addEventListener("htmx:afterRequest", (e) => { const form = e.target.closest("form"); if (form) free(form); });
// An answer with a sentence is put in place whatever its status: a form in error comes back as a form.
document.addEventListener("htmx:beforeSwap", (e) => {
  const { xhr } = e.detail;
  if (xhr.status >= 400 && /^text\/html/.test(xhr.getResponseHeader("Content-Type") || "")) { e.detail.shouldSwap = true; e.detail.isError = false; }
});
document.addEventListener("htmx:sendError", () => toast("没有连上，请看看网络后再试；填的内容还在。", true));

/* ---- words at the bottom ---- */
// Built by hand: what it says is text, never markup. What failed stays.
export function toast(words, fails) {
  const place = document.querySelector(".toasts");
  if (!place) return;
  const box = document.createElement("div"), p = document.createElement("p");
  box.className = fails ? "toast fails" : "toast";
  box.setAttribute("role", fails ? "alert" : "status");
  p.textContent = words;
  box.append(p);
  place.replaceChildren(box);
  if (fails) closable(box);
  else setTimeout(() => box.remove(), 6000);
}
function closable(box) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-quiet btn-sm";
  close.textContent = "知道了";
  close.addEventListener("click", () => box.remove());
  box.append(close);
}

/* ---- buttons ---- */
document.addEventListener("click", (e) => {
  const b = e.target.closest("[data-print], [data-copy], [data-say], [data-close]");
  if (!b) return;
  if (b.hasAttribute("data-print")) window.print();
  else if (b.dataset.copy !== undefined) copy(b.dataset.copy, b.dataset.copied);
  else if (b.dataset.say) say(b);
  else { e.preventDefault(); b.closest(b.dataset.close || ".panel").remove(); }
});
// An office's http:// page has no clipboard of its own: select and copy the old way there.
async function copy(words, said) {
  try {
    if (navigator.clipboard && window.isSecureContext) await navigator.clipboard.writeText(words);
    else {
      const area = document.createElement("textarea");
      area.className = "visually-hidden";
      area.value = words;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("refused");
    }
    toast(said || "已复制，可以粘贴到群里。");
  } catch {
    toast("浏览器没让复制，请选中文字后按 Ctrl+C。", true);
  }
}

/* ---- folded paragraphs: open on paper, and where an address leads into one ---- */
window.addEventListener("beforeprint", () => document.querySelectorAll("details.clean:not([open])").forEach((d) => { d.open = true; d.dataset.folded = "1"; }));
window.addEventListener("afterprint", () => document.querySelectorAll("details[data-folded]").forEach((d) => { d.open = false; delete d.dataset.folded; }));
function unfold() {
  const at = location.hash.length > 1 && document.getElementById(location.hash.slice(1)), fold = at && at.closest("details.clean");
  if (fold && !fold.open) { fold.open = true; at.scrollIntoView(); }
}
window.addEventListener("hashchange", unfold);
unfold();

/* ---- what a page or a piece of one brings along ---- */
function begin(root) {
  root.querySelectorAll("[data-print], [data-copy]").forEach((b) => { b.hidden = false; });
  if ("speechSynthesis" in window) root.querySelectorAll("[data-say]").forEach((b) => { b.hidden = false; });
  root.querySelectorAll("form[data-picks]").forEach(picks);
  root.querySelectorAll("[data-lines]").forEach(totals);
  root.querySelectorAll("form[data-draft]").forEach(keepDraft);
  root.querySelectorAll("form[data-leave], form[data-draft]").forEach(leaving);
  const first = root.querySelector("[data-focus]");
  if (first) first.focus();
  root.querySelectorAll(".toasts [data-toast]").forEach((box) => (box.classList.contains("fails") ? closable(box) : setTimeout(() => box.remove(), 8000)));
}
begin(document);
document.addEventListener("htmx:load", (e) => { if (e.target !== document.body) begin(e.target); });
