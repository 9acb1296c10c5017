// SPDX-License-Identifier: MulanPSL-2.0
// A report frozen, then a late record entered in its form: the frozen words stand, the late entry is told apart.
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/reports/annual");
  await page.getByRole("link", { name: "定稿", exact: true }).click();
  await page.getByRole("button", { name: /^定为第\d+稿/ }).click();
  await page.waitForURL(/\/reports\/annual(\?|$)/);
  await page.getByText(/第1稿，.*定稿/).waitFor();
  const frozen = page.url(), words = await page.locator(".paper").first().innerText();
  checks.same(await page.getByText("补记的党建会").count(), 0, "before the late entry");
  await page.goto("/ledgers/meeting/new");
  await page.getByLabel("会议时间").fill("2023-11-02");
  await page.locator("[name=kind][value=党建工作会议]").check();
  await page.getByLabel("会议名称").fill("补记的党建会");
  await page.getByLabel("主持人").fill("沈维岳");
  await page.locator("form .save .btn-primary").click();
  await page.waitForURL(/\/ledgers\/meeting(?!\/new)/);
  await page.goto(frozen);
  checks.same(await page.locator(".paper").first().innerText(), words, "the frozen words");
  checks.that(await page.locator("#late").getByText("补记的党建会").count() > 0, frozen, "the late entry is not told apart");
  await context.close();
}
