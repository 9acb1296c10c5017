// Lists to tick: the bar for the ticked rows of a table, and the totals of those who came.
export function picks(form) {
  const all = form.querySelector("[data-pick-all]"), bar = form.querySelector("[data-bulk]"), count = form.querySelector("[data-picked]");
  const boxes = () => [...form.querySelectorAll("tbody .tick input[type=checkbox]")];
  const show = () => {
    const list = boxes(), ticked = list.filter((b) => b.checked).length;
    list.forEach((b) => b.closest("tr").classList.toggle("picked", b.checked));
    if (all) { all.checked = ticked > 0 && ticked === list.length; all.indeterminate = ticked > 0 && ticked < list.length; }
    if (count) count.textContent = ticked;
    if (bar) { bar.hidden = !ticked; bar.classList.toggle("floats", ticked > 0); }
  };
  form.addEventListener("change", (e) => {
    if (e.target === all) boxes().forEach((b) => { b.checked = all.checked; });
    show();
  });
  form.addEventListener("click", (e) => {
    if (!e.target.closest("[data-pick-none]")) return;
    boxes().forEach((b) => { b.checked = false; });
    show();
  });
  show();
}

// A way that is not the usual one (the first) is marked; ticking and choosing a way go together where the select
// says which ways are absence: <option data-absent>. The totals are words in the order of the ways.
export function totals(set) {
  const place = set.querySelector("[data-totals]"), both = set.querySelector("[data-tick-all]");
  const rows = () => [...set.querySelectorAll(".ticks > li")].map((li) => ({ li, box: li.querySelector("input[type=checkbox]"), way: li.querySelector("select") })).filter((r) => r.box);
  const absent = (way) => way && way.selectedOptions[0] && way.selectedOptions[0].hasAttribute("data-absent");
  const show = () => {
    const list = rows(), by = new Map();
    for (const { li, box, way } of list) {
      if (way) way.classList.toggle("changed", way.selectedIndex > 0);
      li.classList.toggle("out", !box.checked);
      const word = way ? way.selectedOptions[0].textContent : "";
      if (word && (box.checked || absent(way))) by.set(word, (by.get(word) || 0) + 1);
    }
    if (!place) return;
    const came = document.createElement("b");
    came.textContent = `共${list.filter((r) => r.box.checked).length}人`;
    place.replaceChildren(came, ` ${[...by].map(([w, n]) => `${w}${n}`).join(" ")} 应到${list.length}`);
  };
  set.addEventListener("change", (e) => {
    const row = rows().find((r) => r.box === e.target || r.way === e.target);
    if (row && row.way === e.target) row.box.checked = !absent(row.way);
    if (row && row.box === e.target && row.way && row.box.checked && absent(row.way)) row.way.selectedIndex = 0;
    show();
  });
  set.addEventListener("click", (e) => {
    const b = e.target.closest("[data-all]");
    if (!b) return;
    for (const { box, way } of rows()) { box.checked = b.dataset.all === "1"; if (box.checked && absent(way)) way.selectedIndex = 0; }
    show();
  });
  if (both) both.hidden = false;
  show();
}
