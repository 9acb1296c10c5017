// SPDX-License-Identifier: MulanPSL-2.0
// The sample draft checked, pasted and as a .docx, with the same findings; what reads two ways is settled once and kept.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks, draft }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  const words = draft.replace("\n", "\n解决问题13件。\n");
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/verify");
  await page.getByLabel("粘贴初稿").fill(words);
  await page.getByRole("button", { name: "核对", exact: true }).click();
  await page.waitForURL(/\/verify\/\w+/);
  const pasted = page.url();
  const verdicts = async () => (await (await context.request.get(page.url().split(/[?#]/)[0] + "/result.json")).json()).claims.map((c) => c.verdict).join(" ");
  const before = await verdicts();
  checks.that(/supported/.test(before) && /contradicted/.test(before), pasted, before);
  checks.same(before.split(" ").filter((v) => v === "ambiguous").length, 1, "claims that read two ways");
  // the owner settles it for the whole office
  await page.getByRole("button", { name: /^按此口径/ }).first().click();
  await page.waitForLoadState();
  const after = await verdicts();
  checks.that(!/ambiguous/.test(after), pasted, "still reads two ways after it was settled");
  checks.that(await page.getByText("您定过的口径").count() > 0, pasted, "the choice is not to be seen");
  await page.goto("/verify");
  await page.goto(pasted);
  checks.same(await verdicts(), after, "kept when opened again");
  // the same words from a .docx, read as they were settled
  const text = join(demo.place, "draft.txt"), docx = join(demo.place, "draft.docx");
  writeFileSync(text, words);
  execFileSync("python3", ["test/flow/docx.py", text, docx]);
  await page.goto("/verify");
  await page.getByLabel("或选文件").setInputFiles(docx);
  await page.getByRole("button", { name: "核对", exact: true }).click();
  await page.waitForURL((u) => /\/verify\/\w+/.test(u.pathname) && u.href !== pasted);
  checks.same(await verdicts(), after, "the .docx");
  await context.close();
}
