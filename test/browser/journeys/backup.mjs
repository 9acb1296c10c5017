// SPDX-License-Identifier: MulanPSL-2.0
// A backup made and checked in the browser, downloaded, and brought back as a site of its own that answers the same.
import { execFileSync } from "node:child_process";
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
  await context.close();
}
