// SPDX-License-Identifier: MulanPSL-2.0
// A table with rows that cannot be read: each told in its place, mended on the page, then all imported together.
import { openContext, signIn } from "../host.mjs";

export async function journey({ browser, demo, checks }) {
  const context = await openContext(browser, demo, checks), page = await context.newPage();
  await signIn(page, demo.known.owner, demo.password(demo.known.owner), "/ledgers/meeting/import");
  const head = await (await context.request.get("/ledgers/meeting/import.csv")).text();
  const columns = head.replace(/^\uFEFF/, "").trim().split(/\r?\n/)[0].split(",");
  const row = (given) => columns.map((c) => given[c] ?? "").join(",");
  const good = { 会议类别: "党委会", 状态: "已完成", 组织: "望禾乡党委", 会议名称: "导入的会一", 主持人: "沈维岳", "参加人员·姓名": "贺文舟", "参加人员·方式": "到会" };
  const date = "会议时间";
  const text = [columns.join(","), row({ ...good, [date]: "2023-11-06" }), row({ ...good, [date]: "2023-13-06", 会议名称: "导入的会二" })].join("\n");
  await page.getByLabel("选文件", { exact: true }).setInputFiles({ name: "会议.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "先核对" }).click();
  const bad = page.locator("input[aria-invalid=true]");
  await bad.first().waitFor();
  checks.same(await bad.count(), 1, "cells to mend");
  checks.same(await bad.first().inputValue(), "2023-13-06", "the cell as it was given");
  await bad.first().fill("2023-11-13");
  await page.getByRole("button", { name: "重新核对" }).click();
  await page.getByRole("button", { name: "确认导入" }).click();
  await page.getByText(/已写入|已导入/).first().waitFor();
  await page.goto("/ledgers/meeting?" + new URLSearchParams({ from: "2023-11-01", to: "2023-11-30" }));
  for (const title of ["导入的会一", "导入的会二"]) checks.same(await page.getByText(title, { exact: true }).count(), 1, title);
  await context.close();
}
