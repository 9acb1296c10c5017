// SPDX-License-Identifier: MulanPSL-2.0
// The owner opens an account over one village; the new person signs in with the password shown once, must set an own
// one, and then sees that village alone. The password of before opens nothing any more.
import { openContext, ownPassword, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const account = "xincunguan";
  const office = await openContext(browser, demo, checks), owner = await office.newPage();
  await signIn(owner, demo.known.owner, demo.password(demo.known.owner), "/admin/accounts");
  await owner.getByRole("link", { name: "开通账号" }).click();
  await owner.getByLabel("账号名").fill(account);
  const role = await owner.getByLabel("角色").locator("option").evaluateAll((all) => all.find((o) => o.textContent.startsWith("经办人"))?.value);
  await owner.getByLabel("角色").selectOption(role);
  const villages = await owner.getByLabel("限于").locator("option").evaluateAll((all) => all.map((o) => o.textContent.trim()).filter((name) => /村$/.test(name)));
  const taken = demo.accounts().map((a) => a.what).join(" ");
  const village = villages.find((name) => !taken.includes(name));
  checks.that(!!village, owner.url(), "no village to choose");
  await owner.getByLabel("限于").selectOption({ label: village });
  await owner.getByRole("button", { name: "开通" }).click();
  await owner.waitForLoadState();
  const password = (await owner.locator("p.large").innerText()).trim();
  checks.that(password.length >= 10, owner.url(), `shows “${password}”`);
  const shown = owner.url();
  await owner.goto("/admin/accounts");
  checks.that(!(await owner.content()).includes(password), "/admin/accounts", "shows the password again");
  if (new URL(shown).pathname !== "/admin/accounts/new") {
    await owner.goto(shown);
    checks.that(!(await owner.content()).includes(password), shown, "shows the password a second time");
  }

  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await page.goto("/signin");
  await page.getByLabel("账号").fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((u) => u.pathname === "/password");
  await page.goto("/ledgers");
  checks.same(new URL(page.url()).pathname, "/password", "before an own password is set");
  await signIn(page, account, password, "/ledgers/life"); // signs in anew and sets one
  await page.goto("/ledgers/life");
  const rows = await page.locator("main table.grid tbody tr").allInnerTexts();
  checks.that(rows.length > 0, page.url(), "nothing of one's own village");
  for (const text of rows) checks.that(text.includes(village), page.url(), `of another place: ${text.slice(0, 80)}`);
  checks.same((await page.goto("/admin/accounts")).status(), 403, "/admin/accounts");
  const offered = await (async () => { await page.goto("/ledgers/life/new"); return page.locator("select[name=org] option").evaluateAll((o) => o.map((x) => x.value).filter(Boolean)); })();
  for (const org of offered) checks.that(org.includes(village), page.url(), `offers ${org}`);

  const later = await openContext(browser, demo, checks), again = await later.newPage();
  await again.goto("/signin");
  await again.getByLabel("账号").fill(account);
  await again.getByLabel("密码", { exact: true }).fill(password);
  const [answer] = await Promise.all([again.waitForResponse((r) => r.request().method() === "POST"), again.getByRole("button", { name: "登录" }).click()]);
  checks.same(answer.status(), 403, "the password shown once, after an own one was set");
  await signIn(again, account, ownPassword(account));
  checks.same(new URL(again.url()).pathname, "/", "after signing in with one's own password");
  await Promise.all([later.close(), context.close(), office.close()]);
}
