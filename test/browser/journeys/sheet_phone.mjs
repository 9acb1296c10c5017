// SPDX-License-Identifier: MulanPSL-2.0
// On a phone: a meeting of which only the total and the scanned sheet are left. The sheet survives an error in the form,
// stands on the record's page, is opened by its village and by nobody of another; more files are put beside it, one is
// withdrawn with its reason.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { openContext, phone, signIn } from "../host.mjs";
import { accessible, fits } from "../sweep.mjs";

// A grey picture of `side` pixels; `shade` makes each another file.
function picture(side, shade) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]), out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13), rows = Buffer.alloc((side + 1) * side, shade);
  head.writeUInt32BE(side, 0), head.writeUInt32BE(side, 4), head[8] = 8;
  for (let i = 0; i < side; i++) rows[i * (side + 1)] = 0;
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
function crc(bytes) {
  let c = ~0;
  for (const b of bytes) { c ^= b; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xEDB88320 : c >>> 1; }
  return ~c >>> 0;
}

const png = (name, shade) => ({ name, mimeType: "image/png", buffer: picture(64, shade) });
const pdf = (name) => ({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n") });

async function fillTotal(page, org, file) {
  await page.goto("/ledgers/study/new?" + new URLSearchParams({ org, kind: "支部学习" }));
  await page.locator(".ticks input[type=checkbox]:checked").evaluateAll((boxes) => boxes.forEach((b) => b.click()));
  await page.getByText("补录：只有总数").click();
  await page.getByLabel("签到表", { exact: true }).setInputFiles(file);
}

const save = (page) => page.locator("form .save .btn-primary").click();

export async function journey({ browser, demo, checks, shots }) {
  const one = demo.accounts().find((a) => /限.+村/.test(a.what)), village = /限([^，]+)/.exec(one.what)[1];
  const context = await openContext(browser, demo, checks, { viewport: phone, hasTouch: true, isMobile: true }), page = await context.newPage();
  const look = async (name) => {
    await accessible(page, page.url(), name, checks);
    await fits(page, page.url(), phone, checks);
    await shot(name);
  };
  const shot = async (name) => { if (shots) await page.screenshot({ path: `${shots}/sheet_${name}.png`, fullPage: true }); };
  await signIn(page, one.name, demo.password(one.name));

  const sheet = png("九月签到表.png", 90), title = "补录的支部学习";
  await fillTotal(page, `${village}党支部`, sheet);
  await save(page); // neither topic nor head count
  await page.locator(".summary").waitFor();
  checks.that(await page.getByText("有签到表还要填人数").count() > 0, page.url(), "a sheet without its head count is not told");
  checks.same(await page.locator(".files .what").first().innerText(), sheet.name, "the sheet after an error");
  await look("error");
  await page.getByLabel("人数", { exact: true }).fill("26");
  await page.getByLabel("学习主题").fill(title);
  await page.getByLabel("主持人").fill("吴春生");
  await save(page);
  await page.waitForURL(/\/ledgers\/study\/\d+/).catch(async (e) => { throw new Error((await page.locator("main .summary, main .error").allInnerTexts()).join("; ") + e.message); });
  await look("record");
  const record = new URL(page.url()).pathname, link = page.getByRole("link", { name: "签到表.png" }).first(), href = await link.getAttribute("href");
  const got = await context.request.get(href), headers = got.headers();
  checks.that(sheet.buffer.equals(await got.body()), href, "is not what was put in");
  checks.same(headers["content-type"], "image/png", "its kind");
  checks.that(/^inline/.test(headers["content-disposition"]) && /sandbox/.test(headers["content-security-policy"]), href, "is not kept apart");
  checks.same(headers["x-content-type-options"], "nosniff", "sniffing");
  checks.same((await context.request.head(href)).status(), 200, "HEAD");
  await page.goto(href);
  await shot("open");

  await page.goto(record);
  const add = page.getByLabel("添加附件");
  await add.setInputFiles([pdf("讲稿.pdf"), { name: "照片.exe", mimeType: "image/png", buffer: Buffer.from("MZ\0\0") }, png("会场.png", 200)]);
  await page.getByRole("button", { name: "附上" }).click();
  await page.getByText("“照片.exe”没有附上").waitFor();
  checks.same(await page.locator("#files .files > li").count(), 3, "files: the sheet and the two that are of a kind");
  await look("files");
  await page.getByText("撤下", { exact: true }).first().click();
  await page.getByRole("button", { name: "撤下“讲稿.pdf”" }).click();
  await page.getByText("请写明为什么撤下").waitFor();
  const reason = page.locator("details[open] input[name=reason]");
  await reason.fill("传错了一份");
  const gone = await page.locator("#files .files > li").filter({ hasText: "讲稿.pdf" }).getByRole("link").getAttribute("href");
  await page.getByRole("button", { name: "撤下“讲稿.pdf”" }).click();
  await page.waitForURL(/unfiled/);
  checks.same(await page.locator("#files .files > li").count(), 2, "files after one was withdrawn");
  checks.same((await context.request.get(gone)).status(), 404, "a withdrawn file");
  await page.goto(record + "/history");
  checks.that(/讲稿\.pdf[^]*传错了一份/.test(await page.locator("#withdrawn").innerText()), page.url(), "does not tell what was withdrawn");
  await look("history");
  await page.goto(record);
  const large = join(demo.place, "太大.pdf");
  writeFileSync(large, Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(21 << 20, 32)]));
  await add.setInputFiles(large);
  await page.getByRole("button", { name: "附上" }).click();
  await page.getByText(/太大\.pdf.*20MB/).waitFor();

  // somebody else's
  const all = await openContext(browser, demo, checks), owner = await all.newPage();
  await signIn(owner, demo.known.owner, demo.password(demo.known.owner));
  await fillTotal(owner, "石桥村党支部", png("石桥签到.png", 20));
  await owner.getByLabel("人数", { exact: true }).fill("12");
  await owner.getByLabel("学习主题").fill("石桥的补录");
  await owner.getByLabel("主持人").fill("苏青");
  await save(owner);
  await owner.waitForURL(/\/ledgers\/study\/\d+/);
  const theirs = await owner.getByRole("link", { name: "签到表.png" }).first().getAttribute("href");
  checks.same((await all.request.get(theirs)).status(), 200, "the owner's own");
  checks.same((await context.request.get(theirs)).status(), 404, `${one.name} at another village's file`);
  checks.same((await context.request.get("/api" + theirs)).status(), 404, `${one.name} by the API`);
  if (shots) await owner.screenshot({ path: `${shots}/sheet_wide.png`, fullPage: true });
  await owner.goto("/ledgers/study?" + new URLSearchParams({ q: "补录" }));
  if (shots) await owner.screenshot({ path: `${shots}/sheet_list.png` });
  checks.that(await owner.getByText("仅有总数12人").count() > 0, owner.url(), "does not tell of a head count");
  await all.close();
  await context.close();
}
