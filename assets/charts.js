// Pictures of a table that stands beside them: bars of a year, attendance, ages.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);
for (const box of document.querySelectorAll("[data-chart]")) {
  const rows = [...document.getElementById(box.dataset.chart).tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent.trim()));
  echarts.init(box, null, { renderer: "svg" }).setOption({
    animation: false, grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: rows.map((r) => r[0]), axisTick: { show: false } }, yAxis: { show: false },
    series: [{ type: box.dataset.kind ?? "bar", data: rows.map((r) => Number(r[1].replace(/[^\d.-]/g, ""))), color: "#55504A",
      label: { show: true, position: "top", color: "#1D1B19" } }],
  });
}
