// Pictures of the table that stands in or beside <figure data-chart="bars|trend|ages" data-table="#id">. The last column
// is the series that matters: dark; those before it light, for comparison. Names and values stand at the marks: no
// legend, grid or axis of values, nothing moves. Colours of the lights are never used here.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

const INK = "#1D1B19", WORDS = "#55504A", DARK = "#55504A", LIGHT = "#B5AEA4", FAINT = "#8B867E", LINE = "#D5D0C8";
const number = (cell) => { const s = cell.textContent.replace(/[^\d.-]/g, ""); return s === "" ? null : Number(s); };
const words = (color, weight) => ({ color, fontWeight: weight || "normal", fontSize: 12 });

function read(table) {
  const rows = [...table.tBodies[0].rows].map((r) => [...r.cells]);
  const heads = [...table.tHead.rows[0].cells].map((c) => c.textContent.trim());
  return {
    names: rows.map((r) => r[0].textContent.trim()),
    shown: rows.map((r) => r.map((c) => c.textContent.trim())),
    links: rows.map((r) => { const a = r[r.length - 1].querySelector("a[href]"); return a && a.getAttribute("href"); }),
    series: heads.slice(1).map((name, i) => ({ name, values: rows.map((r) => number(r[i + 1])) })),
  };
}

/* A series of bars; in the first mark its name stands before the value. */
function bars(t, flat) {
  return t.series.map((s, i) => {
    const main = i === t.series.length - 1, several = t.series.length > 1;
    return {
      type: "bar", barGap: "6%", barMaxWidth: flat ? 12 : 30, cursor: t.links.some(Boolean) && main ? "pointer" : "default", silent: !main,
      itemStyle: { color: main ? DARK : LIGHT },
      data: s.values.map((value, k) => (flat || main || k || !several ? value : { value, label: { align: "right", offset: [12, 0] } })),
      label: { show: true, position: flat ? "right" : "top", ...words(main ? INK : WORDS, main ? "bold" : ""),
        formatter: (p) => (several && !p.dataIndex ? s.name : "") + t.shown[p.dataIndex][i + 1] },
    };
  });
}

/* Lines: the last months that are not over are dashed, the last value written at the line's end. */
function lines(t, box) {
  const unfinished = Number(box.dataset.unfinished || 0), n = t.names.length;
  const out = [];
  t.series.forEach((s, i) => {
    const main = i === t.series.length - 1, color = main ? DARK : LIGHT, end = n - 1;
    const base = { type: "line", silent: true, symbolSize: 7, color, lineStyle: { color, width: main ? 2 : 1.5 }, showSymbol: true };
    const label = (k) => {
      const sofar = main && unfinished && k === end, falls = k > 0 && s.values[k] < s.values[k - 1];
      return { show: true, position: sofar && falls ? "left" : "top", ...words(main && !sofar ? INK : WORDS, main && !sofar ? "bold" : ""),
        formatter: `${t.series.length > 1 ? s.name : t.names[k]}${sofar ? "至今" : ""} ${t.shown[k][i + 1]}` };
    };
    const spot = (value, k, last) => ({ value, symbol: k === last ? "circle" : "none", label: k === last ? label(k) : { show: false } });
    const known = n - 1 - (main ? unfinished : 0);
    out.push({ ...base, data: s.values.map((v, k) => (k <= known ? spot(v, k, known) : null)) });
    if (main && unfinished && known >= 0)
      out.push({ ...base, lineStyle: { ...base.lineStyle, type: "dotted" }, data: s.values.map((v, k) => (k < known ? null : { ...spot(v, k, end), symbol: k === end ? "emptyCircle" : "none" })) });
  });
  if (box.dataset.line && out.length)
    out[0].markLine = { silent: true, symbol: "none", lineStyle: { color: FAINT, type: "dashed", width: 1 }, data: [{ yAxis: Number(box.dataset.line) }],
      label: { position: "insideStartTop", distance: [0, 2], ...words(WORDS), formatter: box.dataset.lineName || box.dataset.line } };
  return out;
}

function draw(box) {
  const table = document.querySelector(box.dataset.table);
  if (!table || !table.tBodies.length || !table.tHead) return;
  const t = read(table), kind = box.dataset.chart, flat = kind === "ages";
  if (!t.names.length) return;
  const place = document.createElement("div");
  place.className = t.names.length > 8 && flat ? "drawn tall" : "drawn";
  box.querySelector("figcaption").after(place);
  const named = { type: "category", data: t.names, axisTick: { show: false }, axisLine: { show: !flat, lineStyle: { color: LINE } }, axisLabel: words(WORDS), inverse: flat, boundaryGap: kind !== "trend" };
  const values = { type: "value", show: false, scale: kind === "trend", min: kind === "trend" ? undefined : 0 };
  const chart = echarts.init(place, null, { renderer: "svg" });
  const font = getComputedStyle(document.body).fontFamily;
  chart.setOption({
    animation: false, textStyle: { fontFamily: font },
    grid: { left: kind === "trend" ? 16 : 4, right: flat ? 48 : kind === "trend" ? 40 : 4, top: 22, bottom: 4, containLabel: true },
    xAxis: flat ? values : named, yAxis: flat ? named : values, series: kind === "trend" ? lines(t, box) : bars(t, flat),
  });
  place.setAttribute("aria-hidden", "true"); // the table beside it says the same
  chart.on("click", (e) => { const to = t.links[e.dataIndex]; if (to) window.location.assign(to); });
  window.addEventListener("resize", () => chart.resize());
  window.addEventListener("beforeprint", () => chart.resize());
}
document.querySelectorAll("figure[data-chart]").forEach(draw);
