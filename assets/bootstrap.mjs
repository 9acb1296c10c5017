// The parts of Bootstrap that are used, out of its one stylesheet: element rules, and rules all of whose classes
// are named here. Variables that nothing reads are left out too. Without this nine tenths of what every page loads
// would be unused; with Sass the same list would have to be kept as imports of its sources.
const classes = new RegExp("^(" + [
  "btn", "btn-primary", "btn-link", "btn-sm", "active", "disabled",
  "form-control", "form-select", "form-check", "form-check-input", "form-check-label", "valid", "invalid",
  "visually-hidden", "visually-hidden-focusable", "text-end", "text-nowrap", "text-break",
  "d-none", "d-flex", "d-block", "flex-wrap", "align-items-center", "justify-content-between", "w-100", "ms-auto",
  "m[tbx]?-[0-4]", "mb-[0-4]", "mt-[0-4]", "p-0", "gap-[1-4]",
].join("|") + ")$");

/* [{head, body}] of a block; what is in quotes is passed over. */
function rules(css) {
  const out = [];
  for (let i = 0, from = 0, depth = 0, open = 0, quote = ""; i < css.length; i++) {
    const c = css[i];
    if (quote) { if (c === quote) quote = ""; }
    else if (c === '"' || c === "'") quote = c;
    else if (c === ";" && !depth) from = i + 1;
    else if (c === "{" && !depth++) open = i;
    else if (c === "}" && !--depth) { out.push({ head: css.slice(from, open).trim(), body: css.slice(open + 1, i) }); from = i + 1; }
  }
  return out;
}

const wanted = (selector) => !/data-bs|::file-selector|::-moz|::-webkit-date/.test(selector) &&
  [...selector.matchAll(/\.([A-Za-z][\w-]*)/g)].every((m) => classes.test(m[1]));

function kept(css) {
  let out = "";
  for (const { head, body } of rules(css)) {
    if (head.startsWith("@media")) { const inner = kept(body); if (inner) out += `${head}{${inner}}`; continue; }
    if (head.startsWith("@")) continue;
    const selectors = head.split(/,(?![^(]*\))/).map((s) => s.trim()).filter(wanted);
    if (selectors.length) out += `${selectors.join(",")}{${body}}\n`;
  }
  return out;
}

export function bootstrap(css, theme) {
  let out = kept(css.replace(/\/\*[\s\S]*?\*\//g, ""));
  for (let before = -1; before !== out.length;) { // a variable may be read by another that goes
    before = out.length;
    const read = new Set([...(out + theme).matchAll(/var\((--bs-[\w-]+)/g)].map((m) => m[1]));
    out = out.replace(/(^|[{;\s])(--bs-[\w-]+)\s*:\s*(?:"[^"]*"|[^;"}])*;/g, (all, lead, name) => (read.has(name) ? all : lead));
  }
  return out;
}
