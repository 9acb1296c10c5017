// Keeps what is typed in a long form, and asks before it is left. form[data-draft=KEY] is sent to /drafts/KEY a few
// seconds after a change; without script the form itself gives everything back.
const AFTER = 4000;

const fields = (form) => {
  const out = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") out.append(name, value); // not the files
  return out;
};
const tell = (form, words) => {
  const place = form.querySelector("[data-draft-state]") || document.querySelector("[data-draft-state]");
  if (place) place.textContent = words;
};

export function keepDraft(form) {
  let timer = 0, kept = fields(form).toString();
  const send = async () => {
    timer = 0;
    if (form.dataset.sent) return;
    const now = fields(form);
    if (now.toString() === kept) return;
    try {
      const answer = await fetch(`/drafts/${encodeURIComponent(form.dataset.draft)}`, { method: "POST", body: now, redirect: "error", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = now.toString();
      tell(form, `草稿已存 ${new Date().toTimeString().slice(0, 5)}`);
    } catch {
      tell(form, "草稿没有存上，连上后再试");
      timer = setTimeout(send, 5 * AFTER);
    }
  };
  const changed = () => { if (!timer) timer = setTimeout(send, AFTER); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); send(); } });
}

export function leaving(form) {
  const before = fields(form).toString();
  window.addEventListener("beforeunload", (e) => {
    if (!form.isConnected || form.dataset.sent || form.dataset.draft || fields(form).toString() === before) return;
    e.preventDefault();
    e.returnValue = "";
  });
}
