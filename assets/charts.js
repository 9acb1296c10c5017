// Pictures of the table that stands behind <figure data-chart="bars|trend" data-table="#id">, written by {{> chart}}. The
// last column is the series that matters: dark; the one before it light, for comparison. Names and values stand at the
// marks: no legend, grid or axis of values, nothing moves. What is not over yet is dashed. A mark leads where its cell leads.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

const INK = "#1D1B19", WORDS = "#55504A", DARK = "#55504A", LIGHT = "#B5AEA4", FAINT = "#8B867E", LINE = "#D5D0C8";
const number = (cell) => { const s = cell.dataset.exact ?? cell.textContent.replace(/[^\d.-]/g, ""); return s === "" ? null : Number(s); };
const last = (values, before = values.length) => { while (before-- > 0) if (values[before] !== null) return before; return -1; };
const words = (color, weight) => ({ color, fontWeight: weight || "normal", fontSize: 12, textBorderColor: "#fff", textBorderWidth: 3 }); // read across a line too

function read(table) {
  const rows = [...table.tBodies[0].rows], cells = rows.map((r) => [...r.cells]);
  const heads = [...table.tHead.rows[0].cells].map((c) => c.textContent.trim());
  return {
    names: cells.map((r) => r[0].textContent.trim()),
    open: rows.map((r) => "open" in r.dataset),
    series: heads.slice(1).map((name, i) => ({
      name,
      values: cells.map((r) => number(r[i + 1])),
      shown: cells.map((r) => r[i + 1].textContent.trim()),
      links: cells.map((r) => r[i + 1].querySelector("a[href]")?.getAttribute("href")),
    })),
  };
}

/* In the first mark the name of the series stands over the value. */
function bars(t) {
  const widest = Math.max(...t.series.flatMap((s) => s.shown.map((w) => w.length)));
  return t.series.map((s, i) => {
    const main = i === t.series.length - 1, several = t.series.length > 1;
    return {
      type: "bar", barGap: "6%", barMaxWidth: 30, name: s.name,
      itemStyle: { color: main ? DARK : LIGHT },
      data: s.values.map((value, k) => (main && t.open[k] ? { value, itemStyle: { color: "#fff", borderColor: DARK, borderWidth: 1.5, borderType: "dashed" } } : value)),
      label: { show: main || widest < 6, position: "top", lineHeight: 14, ...words(main ? INK : WORDS, main ? "bold" : ""), // long ones would lie on each other
        formatter: (p) => (several && !p.dataIndex ? s.name + "\n" : main && t.open[p.dataIndex] ? "至今" : "") + s.shown[p.dataIndex] },
    };
  });
}

/* Lines: what is not over yet is dashed, the last value written at the line's end. */
function lines(t, box) {
  const out = [], ends = t.series.map((s) => last(s.values));
  t.series.forEach((s, i) => {
    const main = i === t.series.length - 1, color = main ? DARK : LIGHT, end = ends[i], several = t.series.length > 1;
    if (end < 0) return;
    const open = main && t.open[end], known = open ? last(s.values, end) : end;
    const other = several ? t.series[1 - i].values[end] : null, rises = other === null ? known < 0 || !open || s.values[end] >= s.values[known] : s.values[end] >= other + (main ? 0 : 1e-9);
    const base = { type: "line", symbolSize: 7, color, lineStyle: { color, width: main ? 2 : 1.5 }, showSymbol: true, connectNulls: true, name: s.name, z: main ? 3 : 2 };
    const place = (k) => several ? { position: "right", offset: [2, rises ? -4 : 4] } : { position: (k === end) === rises ? "top" : "bottom", align: k === t.names.length - 1 ? "right" : "center", offset: [k === t.names.length - 1 ? 6 : 0, 0] };
    const label = (k) => ({ show: true, ...place(k), ...words(main && !open ? INK : WORDS, main && !open ? "bold" : ""),
      formatter: `${several ? s.name : t.names[k]}${open && k === end ? "至今" : ""} ${s.shown[k]}` });
    const spot = (value, k, last) => ({ value, symbol: k === last ? "circle" : "none", label: k === last ? label(k) : { show: false } });
    out.push({ ...base, data: s.values.map((v, k) => (k <= known ? spot(v, k, open && several ? -1 : known) : null)) });
    if (open && known >= 0)
      out.push({ ...base, lineStyle: { ...base.lineStyle, type: "dashed" }, data: s.values.map((v, k) => (k < known ? null : { ...spot(v, k, end), symbol: k === end ? "emptyCircle" : "none" })) });
  });
  if (box.dataset.line && out.length)
    out[out.length - 1].markLine = { silent: true, symbol: "none", lineStyle: { color: FAINT, type: "dashed", width: 1 }, data: [{ yAxis: Number(box.dataset.line) }],
      label: { position: "insideStartTop", distance: [0, 2], ...words(WORDS), formatter: box.dataset.lineName } };
  return out;
}

function draw(box) {
  const table = document.querySelector(box.dataset.table);
  if (!table || !table.tBodies.length || !table.tHead) return;
  const t = read(table), line = box.dataset.chart === "trend";
  if (!t.names.length) return;
  const place = document.createElement("div");
  place.className = "drawn";
  box.querySelector("figcaption").after(place);
  const chart = echarts.init(place, null, { renderer: "svg" });
  const values = { type: "value", show: false, scale: line, min: line ? undefined : 0 };
  const named = { type: "category", data: t.names, axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: words(WORDS), boundaryGap: !line };
  chart.setOption({
    animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: line ? 16 : 4, right: !line ? 4 : t.series.length > 1 ? 92 : 16, top: line ? 24 : 36, bottom: line ? 8 : 4, containLabel: true },
    xAxis: named, yAxis: values, series: line ? lines(t, box) : bars(t),
  });
  place.setAttribute("aria-hidden", "true"); // the table behind it says the same
  chart.on("click", (e) => { const to = t.series.find((s) => s.name === e.seriesName)?.links[e.dataIndex]; if (to) window.location.assign(to); });
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
}
document.querySelectorAll("figure[data-chart]").forEach(draw);
