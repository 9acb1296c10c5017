// SPDX-License-Identifier: MulanPSL-2.0
// Report → a figure → its rows → one record → its history, by links alone.
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/reports");
  await page.locator("main a[href^='/reports/']").first().click();
  const figure = page.locator("main a[href*='/figures/']").first();
  const said = (await figure.innerText()).replace(/[^\d.]/g, "");
  await figure.click();
  await page.waitForURL(/\/figures\/\w/);
  const big = (await page.locator(".big").innerText()).replace(/\s/g, "");
  checks.that(big.startsWith(said), page.url(), `the report says ${said}, the figure ${big}`);
  const rows = page.locator("main table.grid tbody a[href^='/ledgers/']");
  checks.that(await rows.count() > 0, page.url(), "no rows behind the figure");
  await rows.first().click();
  await page.waitForURL(/\/ledgers\/\w+\/\d+$/);
  checks.that(await page.locator("dl.record dt").count() > 1, page.url(), "a record without fields");
  await page.getByRole("link", { name: "修改记录" }).click();
  await page.waitForURL(/\/history$/);
  checks.that(await page.getByText(/记录链第\d+号/).count() > 0, page.url(), "no revision in the history");
  checks.that(await page.locator(".history ins").count() > 0, page.url(), "nothing told of what was entered");
  await context.close();
}
