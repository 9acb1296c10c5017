// Bundles what the browser loads: one style, one script, one for charts, one sprite; nothing is fetched from elsewhere.
import { build } from "esbuild";
import { copyFile, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap } from "./bootstrap.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? "build");
const theme = async () => (await Promise.all(["luoshi", "frame", "parts", "tables", "narrow"].map((f) => readFile(join(here, `${f}.css`), "utf8")))).join("");
const parts = {
  name: "bootstrap",
  setup(b) {
    b.onLoad({ filter: /bootstrap\.css$/ }, async ({ path }) => ({
      loader: "css",
      contents: bootstrap(await readFile(path, "utf8"), await theme()),
    }));
  },
};
await build({
  entryPoints: ["./luoshi.css", "./luoshi.js", "./charts.js"], absWorkingDir: here, bundle: true, minify: true, outdir: out,
  target: ["chrome90"], legalComments: "none", logLevel: "warning", loader: { ".svg": "dataurl" }, plugins: [parts],
});
await copyFile(join(here, "icons.svg"), join(out, "icons.svg"));
