// SPDX-License-Identifier: MulanPSL-2.0
// A site of its own in a temporary folder, `luoshi serve` over it on a free port, and a browser that reaches nothing else.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const binary = process.env.LUOSHI_BINARY;
if (!binary) throw new Error("LUOSHI_BINARY is the program under test");

export class Host {
  // kind: demo, or init for an empty site
  constructor(kind) {
    this.place = mkdtempSync(join(tmpdir(), "luoshi-browser."));
    this.folder = join(this.place, "site");
    this.said = this.luoshi(kind, ...(kind === "init" ? ["--clock", "2023-12-20"] : []));
  }
  luoshi(...words) {
    return execFileSync(binary, ["-C", this.folder, ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
  }
  // whether a backup, brought back as a site of its own, tells the same figures
  restores(backup) {
    const other = join(this.place, "restored");
    cpSync(this.folder, other, { recursive: true });
    const at = (folder, ...words) => execFileSync(binary, ["-C", folder, ...words], { encoding: "utf8", maxBuffer: 1 << 28 });
    for (const f of readdirSync(other)) if (/\.db(-\w+)?$/.test(f)) rmSync(join(other, f));
    at(other, "restore", backup);
    return at(other, "figures", "--format", "json") === at(this.folder, "figures", "--format", "json") && /核验通过/.test(at(other, "audit"));
  }
  // account → one-time or demo password, as the program printed them
  password(account) {
    const shared = /密码都是 (\S+?)，/.exec(this.said);
    if (shared) return shared[1];
    const line = this.said.split("\n").find((l) => l.trim().startsWith(account + " "));
    if (!line) throw new Error(`no password was printed for ${account}`);
    return line.trim().split(/\s+/).at(-1);
  }
  // accounts of a demo: { name, role } as printed, one for each role
  accounts() {
    const all = [...this.said.matchAll(/^ {2}(\S+) +(.+)$/gm)].map(([, name, what]) => ({ name, role: what.split("，")[0], what }));
    return all.filter((a, i) => all.findIndex((b) => b.role === a.role) === i);
  }
  // who the tests know by name: the owner, and somebody who enters records
  get known() {
    const by = (role) => this.accounts().find((a) => a.role === role)?.name;
    return { owner: by("管理员"), clerk: by("经办人") };
  }
  async serve() {
    this.server = spawn(binary, ["-C", this.folder, "serve", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
    this.log = "";
    this.server.stderr.on("data", (b) => { this.log = (this.log + b).slice(-20000); });
    this.origin = await new Promise((done, fail) => {
      createInterface({ input: this.server.stdout }).on("line", (l) => { const m = /(http:\/\/127\.0\.0\.1:\d+)/.exec(l); if (m) done(m[1]); });
      this.server.on("exit", (code) => fail(new Error(`serve ended with ${code}: ${this.log}`)));
    });
  }
  async stop() {
    const server = this.server;
    this.server = null;
    if (!server) return 0;
    server.removeAllListeners("exit");
    const ended = new Promise((done) => server.on("exit", (code, signal) => done(code ?? signal)));
    server.kill("SIGTERM");
    return ended;
  }
  async close() {
    const code = await this.stop();
    rmSync(this.place, { recursive: true, force: true });
    return code;
  }
}

export const openBrowser = () => chromium.launch({
  executablePath: process.env.LUOSHI_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
});

export const wide = { width: 1366, height: 768 }, phone = { width: 390, height: 844 }, zoomed = { width: 342, height: 192 };

// A context that tells `checks` of every word on the console and every request that leaves the host.
export async function openContext(browser, host, checks, options = {}) {
  const context = await browser.newContext({ baseURL: host.origin, viewport: wide, locale: "zh-CN", acceptDownloads: true, ...options });
  context.setDefaultTimeout(20000);
  context.on("request", (r) => { if (!/^(data|blob):/.test(r.url()) && new URL(r.url()).origin !== host.origin) checks.bad(r.url(), "leaves the host"); });
  // the browser's own line about an answer in error is no fault of the page: each journey says which answers it wants
  context.on("console", (m) => {
    if (m.type() === "error" && !/Failed to load resource: the server responded with a status of (4|503)/.test(m.text())) checks.bad(m.page()?.url(), `console: ${m.text()}`);
  });
  context.on("weberror", (e) => checks.bad(e.page()?.url(), `script: ${e.error()}`));
  return context;
}

export const ownPassword = (account) => `Wanhe-${account.length}-2023!`;

// Signs in as a person does; a one-time password is changed on the way.
export async function signIn(page, account, password, to = "/") {
  await page.goto("/signin?to=" + encodeURIComponent(to));
  await page.getByLabel("账号").fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL((u) => u.pathname !== "/signin");
  if (new URL(page.url()).pathname !== "/password") return;
  await page.getByLabel("原密码").fill(password);
  await page.getByLabel("新密码", { exact: true }).fill(ownPassword(account));
  await page.getByLabel("再输一遍新密码").fill(ownPassword(account));
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForURL((u) => u.pathname !== "/password");
}
