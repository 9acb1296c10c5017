// SPDX-License-Identifier: MulanPSL-2.0
// A session with thirty attendances entered on a phone, in under a minute and with few actions: whoever belongs to the
// branch is ticked already, the others are typed.
import { openContext, phone, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const context = await openContext(browser, demo, checks, { viewport: phone, hasTouch: true, isMobile: true }), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/ledgers/study");
  const guests = ["沈维岳", "冯静宜", "苏青", "贺文舟", "罗承志"], title = "支部学习（三十人）";
  const began = Date.now();
  let actions = 0;
  const act = (what) => { actions++; return what; };
  await act(page.goto("/ledgers/study/new?" + new URLSearchParams({ org: "塔坪村党支部", kind: "支部学习" })));
  const ticks = page.locator(".ticks input[type=checkbox]:checked");
  await ticks.first().waitFor();
  const members = await ticks.count();
  checks.that(members >= 25, page.url(), `only ${members} are ticked already`);
  await act(page.getByLabel("学习主题").fill(title));
  await act(page.getByLabel("主持人").fill("苏青"));
  for (const guest of guests.slice(0, 30 - members)) {
    const rows = await page.locator(".ticks > li").count();
    await act(page.getByRole("button", { name: "加一个人" }).click());
    await page.locator(".ticks > li").nth(rows).waitFor();
    await act(page.locator(".ticks > li").nth(rows).getByLabel("姓名", { exact: true }).fill(guest));
  }
  checks.same(await ticks.count(), 30, "ticked");
  await act(page.locator("form .save .btn-primary").click());
  await page.waitForURL(/\/ledgers\/study(?!\/new)/).catch(async (e) => { throw new Error((await page.locator("main .summary, main .error").allInnerTexts()).join("; ") + e.message); });
  const seconds = (Date.now() - began) / 1000;
  console.log(`  thirty attendances: ${actions} actions, ${seconds.toFixed(1)} s`);
  checks.that(seconds < 60, page.url(), `took ${seconds} s`);
  checks.that(actions <= 16, page.url(), `took ${actions} actions`);
  const { rows } = await (await context.request.get("/ledgers/study/export.json")).json(), kept = rows.find((r) => r.topic === title);
  checks.same(kept?.attendance.length, 30, "attendances in the record");
  checks.that(kept && kept.state !== "草稿", page.url(), "kept as a draft");
  await context.close();
}
