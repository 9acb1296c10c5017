// SPDX-License-Identifier: MulanPSL-2.0
// A table that takes longer than a page may: it says how far it is, is left for other work, found again from the desk and
// from its ledger, and ends where an import ends. It is stopped in the end: the demo stays as it is.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openContext, phone, signIn } from "../host.mjs";
import { accessible, fits } from "../sweep.mjs";

const ROWS = 150000;

export async function journey({ browser, demo, checks, shots }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/ledgers/reach/import");
  const [head, ...rows] = demo.luoshi("export", "reach").replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((l) => l.split(","));
  const keep = head.map((h, i) => i).filter((i) => !/编号/.test(head[i])), title = head.indexOf("学习内容"), plain = rows.filter((r) => r.length === head.length);
  const lines = [keep.map((i) => head[i]).join(",")];
  for (let k = 0; k < ROWS; k++) lines.push(keep.map((i) => i === title ? `第${k}讲` : plain[k % plain.length][i]).join(","));
  const path = join(demo.place, "走访.csv");
  writeFileSync(path, lines.join("\r\n") + "\r\n");

  await page.getByLabel("选文件", { exact: true }).setInputFiles(path);
  await page.getByRole("button", { name: "先核对" }).click();
  const bar = page.getByRole("progressbar");
  await Promise.race([bar.waitFor({ timeout: 60000 }), page.getByRole("button", { name: "确认导入" }).waitFor({ timeout: 60000 })]);
  if (!(await bar.count())) return void (console.log(`  ${ROWS} rows were checked within a moment: nothing to leave`), await context.close());
  const job = new URL(page.url()).pathname;
  await page.getByText(/\d+ \/ \d+条/).waitFor({ timeout: 60000 });
  await accessible(page, page.url(), "progress", checks);
  if (shots) await page.screenshot({ path: `${shots}/import_progress.png` });
  await page.getByRole("link", { name: "先去工作台" }).click();
  const row = page.locator(".duties li").filter({ hasText: "核对要导入的送学走访" });
  await row.waitFor();
  if (shots) await page.screenshot({ path: `${shots}/import_desk.png` });
  const other = await openContext(browser, demo, checks), stranger = await other.newPage();
  await signIn(stranger, demo.known.clerk, demo.password(demo.known.clerk));
  checks.same((await stranger.goto(job)).status(), 404, `${demo.known.clerk} at somebody else's work`);
  await other.close();
  await page.setViewportSize(phone);
  await page.goto("/ledgers/reach/import");
  await page.getByRole("link", { name: /看进度|看结果/ }).click();
  await fits(page, page.url(), phone, checks);
  if (shots) await page.screenshot({ path: `${shots}/import_phone.png` });
  await page.getByRole("button", { name: "确认导入" }).waitFor({ timeout: 120000 });
  checks.that(await page.getByText(`将新增${ROWS}条`).count() > 0, page.url(), "does not end in what would be written");
  checks.same(await page.locator("form.told input[type=file]").count(), 0, "asks for the same file again");
  await page.getByRole("button", { name: "确认导入" }).click();
  await bar.waitFor({ timeout: 60000 });
  await page.getByRole("button", { name: "停下，不导了" }).click();
  await page.getByText("没有写入任何数据").first().waitFor();
  await page.goto("/");
  checks.same(await row.count(), 0, "news on the desk of what was seen");
  await context.close();
}
