// SPDX-License-Identifier: MulanPSL-2.0
// Every GET page of the program: the routes from the program's own table, the addresses from following its links.
import { readFileSync } from "node:fs";

const table = readFileSync(new URL("../../src/web/route.c", import.meta.url), "utf8");
export const routes = [...table.matchAll(/\{"GET", "([^"]+)", (ASK_\w+)/g)].map(([, path, asker]) => ({
  path, asker, is: new RegExp("^" + path.replace(/[.]/g, "\\.").replace(/\{[^}]+\}/g, "[^/]+") + "$"),
}));
if (routes.length < 20) throw new Error("the table of routes was not understood");

// As the program does: the first that fits.
export const routeOf = (path) => routes.find((r) => r.is.test(path));

const unescape = (s) => s.replace(/&amp;/g, "&").replace(/&#39;/g, "'").replace(/&quot;/g, '"');
const links = (html) => [...html.matchAll(/(?:href|src)="(\/[^"#]*)/g)].map((m) => unescape(m[1]));

// Follows links until each route that is linked anywhere has `each` addresses; answers are asked by `get`, and each must be 200:
// no link leads to a refusal. Returns [{route, url, type, status}].
export async function crawl(get, checks, { each = 1, limit = 400, starts = ["/"] } = {}) {
  const found = new Map(), queue = [], seen = new Set();
  const offer = (url, from) => {
    const route = routeOf(url.split("?")[0]);
    if (!route) return checks.bad(from, `links to ${url}, which is no page`);
    const taken = found.get(route.path) || [];
    // a query is another view of the same page: only the plain one is kept
    if (taken.length >= each || seen.has(url) || (url.includes("?") && taken.length)) return;
    seen.add(url);
    found.set(route.path, [...taken, { route, url, from }]);
    queue.push(found.get(route.path).at(-1));
  };
  const wanted = () => routes.some((r) => !found.has(r.path));
  for (const start of starts) offer(start, "the start");
  const more = []; // pages beyond those kept, looked at only while a route is still missing
  while ((queue.length || (more.length && wanted())) && limit-- > 0) {
    const at = queue.shift() || more.shift();
    const answer = await get(at.url);
    at.status = answer.status, at.type = answer.type;
    // the desk sends whoever may read nothing on to what is kept on himself
    checks.that(answer.status === 200 || (answer.status === 303 && at.url === "/"), at.from, `links to ${at.url}, which answers ${answer.status}`);
    if (!/text\/html/.test(answer.type) || /\/result\.html$/.test(at.url)) continue;
    for (const url of links(answer.body)) {
      offer(url, at.url);
      if (!seen.has(url) && !url.includes("?")) seen.add(url), more.push({ url, from: at.url });
    }
  }
  return [...found.values()].flat();
}
