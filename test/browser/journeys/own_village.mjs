// SPDX-License-Identifier: MulanPSL-2.0
// An account with a role over one village sees that village's records and nothing of the others'.
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const one = demo.accounts().find((a) => /限.+村/.test(a.what)), village = /限([^，]+)/.exec(one.what)[1];
  const all = await openContext(browser, demo, checks), owner = await all.newPage();
  await signIn(owner, demo.known.owner, demo.password(demo.known.owner), "/ledgers/life");
  const total = async (context) => (await (await context.request.get("/ledgers/life/export.csv")).text()).split("\n").length;
  const orgs = (page) => page.locator("main table.grid tbody tr").evaluateAll((rows) => rows.map((r) => r.innerText));
  const foreign = (await owner.locator("main table.grid tbody tr").evaluateAll((rows) => rows.map((r) => ({ text: r.innerText, href: r.querySelector("a[href^='/ledgers/life/']")?.getAttribute("href") }))))
    .find((r) => r.href && !r.text.includes(village));
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, one.name, demo.password(one.name), "/ledgers/life");
  const seen = await orgs(page);
  checks.that(seen.length > 0, page.url(), "nothing of one's own village");
  for (const text of seen) checks.that(text.includes(village), page.url(), `of another place: ${text.slice(0, 80)}`);
  checks.that(await total(context) < await total(all), page.url(), "as many as the whole township has");
  checks.that(!!foreign, owner.url(), "no record of another place to try with");
  if (foreign) for (const more of ["", "/edit", "/history", "/void"]) {
    const answer = await page.goto(foreign.href + more);
    checks.that([403, 404].includes(answer.status()), foreign.href + more, `answers ${answer.status()} to ${one.name}`);
  }
  const other = await page.goto("/board?org=" + encodeURIComponent("望禾乡党委"));
  checks.that(other.status() !== 500, page.url(), "fails");
  const form = await page.goto("/ledgers/life/new");
  checks.same(form.status(), 200, page.url());
  const offered = await page.locator("select[name=org] option, input[name=org]").evaluateAll((o) => o.map((x) => x.value).filter(Boolean));
  for (const org of offered) checks.that(org.includes(village), page.url(), `offers ${org}`);
  await context.close();
  await all.close();
}
