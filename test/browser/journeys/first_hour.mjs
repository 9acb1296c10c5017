// SPDX-License-Identifier: MulanPSL-2.0
// The first hour of an office: an empty site, the one-time password changed, last year's report pasted, its gap list worked
// off with the demo's own ledgers as CSV, until grey has turned green; then the report with its list of evidence.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Host, openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks, draft }) {
  const host = new Host("init");
  try {
    await host.serve();
    const context = await openContext(browser, host, checks), page = await context.newPage();
    const owner = "guanliyuan", once = host.password(owner);
    await signIn(page, owner, once);
    checks.that(!/password|signin/.test(page.url()), page.url(), "not in after the password was changed");
    // the one-time password is good for nothing now
    const other = await openContext(browser, host, checks), stranger = await other.newPage();
    await stranger.goto("/signin");
    await stranger.getByLabel("账号").fill(owner);
    await stranger.getByLabel("密码", { exact: true }).fill(once);
    await stranger.getByRole("button", { name: "登录" }).click();
    await stranger.getByRole("alert").waitFor();
    await other.close();

    await page.goto("/verify");
    await page.getByLabel("粘贴初稿").fill(draft);
    await page.getByRole("button", { name: "核对", exact: true }).click();
    await page.waitForURL(/\/verify\/\w+/);
    const run = new URL(page.url()).pathname;
    const result = async () => (await (await context.request.get(run + "/result.json")).json());
    const supported = (r) => r.claims.filter((c) => c.verdict === "supported").length;
    const first = await result();
    checks.same(supported(first), 0, "claims borne out on an empty site");
    await page.getByRole("link", { name: "佐证缺口清单" }).first().click();
    await page.waitForURL(/\/gaps$/);
    // each ledger in the order of the list, its table filled from the demo
    const ledgers = first.gaps.map((g) => g.ledger);
    checks.that(ledgers.length > 5, page.url(), `only ${ledgers.length} ledgers in the gap list`);
    let green = 0;
    for (const ledger of ledgers) {
      const blank = join(host.place, ledger + ".blank.csv"), full = join(host.place, ledger + ".full.csv"), filled = join(host.place, ledger + ".csv");
      await page.goto(`/ledgers/${ledger}/import`);
      const answer = await context.request.get(`/ledgers/${ledger}/import.csv`);
      checks.same(answer.status(), 200, `the table of ${ledger}`);
      writeFileSync(blank, await answer.body());
      demo.luoshi("export", ledger, "-o", full);
      execFileSync("python3", ["test/flow/fill.py", blank, full, filled]);
      await page.getByLabel("选文件", { exact: true }).setInputFiles(filled);
      await page.getByRole("button", { name: "先核对" }).click();
      const write = page.getByRole("button", { name: "确认导入" });
      await write.or(page.locator("#issues")).or(page.getByRole("alert")).first().waitFor();
      if (!(await write.count())) { checks.bad(ledger, (await page.locator("main").innerText()).slice(0, 400)); return; }
      const again = page.getByLabel("表格较大，请再选一次同一份文件");
      if (await again.count()) await again.setInputFiles(filled);
      await write.click();
      await page.getByRole("status").waitFor().catch(async () => { throw new Error(`${ledger}: ${(await page.locator("main").innerText()).slice(0, 400)}`); });
      const now = supported(await result());
      checks.that(now >= green, ledger, `fewer claims borne out after it: ${now}, before ${green}`);
      green = now;
    }
    const last = await result();
    checks.same(last.gaps.length, 0, "gaps left");
    checks.that(last.claims.filter((c) => c.role === "claim").every((c) => !["no_rows", "gap", "empty"].includes(c.verdict)), run, "claims still without a ledger");
    console.log(`  ${ledgers.length} ledgers, ${green} claims borne out`);
    await page.goto("/reports");
    await page.locator("main a[href^='/reports/']").first().click();
    await page.locator(".paper").first().waitFor();
    checks.that(await page.locator("main a[href*='/figures/']").count() > 10, page.url(), "the report has no figures to open");
    checks.that(/佐证目录/.test(await page.locator("main").innerText()), page.url(), "no list of evidence");
    await context.close();
  } finally {
    const code = await host.close();
    checks.same(code, 0, "serve's end");
  }
}
