// SPDX-License-Identifier: MulanPSL-2.0
// A backup made, downloaded and checked in the browser; brought there as a file from one's computer and put back with what
// was entered since then gone; everybody signs in again, and the figures are those of the backup.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/admin/backup");
  await page.getByRole("button", { name: "现在备份" }).click();
  await page.waitForURL(/made=/);
  const kept = page.locator("td.key a").first(), name = (await kept.innerText()).trim();
  await page.getByRole("button", { name: "检查" + name }).click();
  await page.getByRole("status").waitFor();
  checks.that(/记录链完整/.test(await page.getByRole("status").innerText()), page.url(), await page.getByRole("status").innerText());
  await page.goto("/admin/backup");
  const [download] = await Promise.all([page.waitForEvent("download"), kept.click()]);
  const file = join(demo.place, "downloaded.db");
  await download.saveAs(file);
  checks.that(demo.restores(file), file, "the downloaded backup does not answer as the site does");

  const before = demo.luoshi("figures", "--format", "json"), late = join(demo.place, "late.json");
  writeFileSync(late, JSON.stringify({ ledger: "person", name: "备份后登记" }));
  demo.luoshi("do", "record.save", "--json", late);
  await page.goto("/admin/backup");
  await page.getByLabel("备份文件").setInputFiles(file);
  await page.locator("form", { has: page.getByLabel("备份文件") }).getByRole("button", { name: "检查" }).click();
  await page.getByRole("heading", { name: /^用 brought-.* 恢复$/ }).waitFor();
  checks.that(/之后的1次改动要补做/.test(await page.locator("main").innerText()), page.url(), "it does not say what will be lost");
  await checks.axe?.(page);
  await page.getByLabel(/^我知道/).check();
  await page.getByLabel("您的密码").fill("wrong");
  await page.getByRole("button", { name: "恢复", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "密码不对" }).waitFor();
  await page.getByLabel(/^我知道/).check();
  await page.getByLabel("您的密码").fill(demo.password(demo.known.owner));
  await page.getByRole("button", { name: "恢复", exact: true }).click();
  await page.waitForURL(/\/signin/, { timeout: 60000 });
  checks.that(/数据已恢复到记录链第\d+号/.test(await page.getByRole("status").innerText()), page.url(), "the sign-in page does not say it");
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/people?q=" + encodeURIComponent("备份后登记"));
  checks.that(/没有/.test(await page.locator("main").innerText()), page.url(), "what was entered after the backup is still there");
  checks.that(demo.luoshi("figures", "--format", "json") === before, page.url(), "the figures are not those of the backup");
  checks.that(/核验通过/.test(demo.luoshi("audit")), page.url(), "the audit does not pass");
  await context.close();
}
