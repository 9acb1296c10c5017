// Bundles what the browser loads: one style, one script, one for charts; nothing is fetched from elsewhere.
import { build } from "esbuild";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
const out = resolve(process.argv[2] ?? "build");
await build({
  entryPoints: ["./luoshi.css", "./luoshi.js", "./charts.js"], absWorkingDir: dirname(fileURLToPath(import.meta.url)), bundle: true, minify: true, outdir: out,
  target: ["chrome90"], legalComments: "none", logLevel: "warning", loader: { ".svg": "dataurl" },
});
