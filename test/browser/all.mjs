// SPDX-License-Identifier: MulanPSL-2.0
// The browser's own tests: all.mjs [--shots FOLDER] [sweep | glance | JOURNEY]...; without names everything.
import { readdirSync, readFileSync } from "node:fs";
import { Checks } from "./checks.mjs";
import { Host, openBrowser } from "./host.mjs";
import { sweep } from "./sweep.mjs";

const words = process.argv.slice(2), at = words.indexOf("--shots");
const shots = at < 0 ? null : words.splice(at, 2)[1];
const folder = new URL("journeys/", import.meta.url);
const journeys = readdirSync(folder).filter((f) => f.endsWith(".mjs")).map((f) => f.slice(0, -4)).sort();
const asked = words.length ? words : ["sweep", ...journeys];
const began = Date.now(), seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);
const all = [];
const browser = await openBrowser();
let demo;

async function run(name, work) {
  const checks = new Checks(name), since = Date.now();
  all.push(checks);
  try { await work(checks); } catch (e) { checks.bad(name, e.stack || e); }
  console.log(`${checks.wrong.size ? "FAIL" : "ok  "} ${name} ${seconds(since)} s, ${checks.count} checks`);
}

try {
  demo = new Host("demo");
  await demo.serve();
  const draft = readFileSync(new URL("../../profile/township/drafts/sample.txt", import.meta.url), "utf8");
  for (const name of ["sweep", "glance"].filter((s) => asked.includes(s)))
    await run(name, (checks) => sweep(browser, demo, checks, { full: (({ owner, clerk }) => [owner, clerk])(demo.known), shots, draft, quick: name === "glance" }));
  for (const name of journeys.filter((j) => asked.includes(j))) {
    const { journey } = await import(new URL(name + ".mjs", folder));
    await run(name, (checks) => journey({ browser, demo, checks, draft, shots }));
  }
} finally {
  await browser.close();
  const code = await demo?.close();
  if (code) { console.log(`WRONG serve ended with ${code}: ${demo.log}`); all.push({ wrong: new Set([code]) }); }
}
const wrong = all.reduce((n, c) => n + c.wrong.size, 0);
console.log(`${wrong ? wrong + " wrong" : "all well"}, ${seconds(began)} s`);
process.exit(wrong ? 1 : 0);
