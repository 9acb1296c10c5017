// SPDX-License-Identifier: MulanPSL-2.0
// What was found wrong, each said once, with where it was.
export class Checks {
  constructor(name) { this.name = name; this.wrong = new Set(); this.count = 0; }
  bad(where, what) {
    const line = `WRONG ${this.name}: ${String(where).replace(/^http:\/\/127\.0\.0\.1:\d+/, "")}: ${what}`;
    if (!this.wrong.has(line)) console.log(line);
    this.wrong.add(line);
  }
  that(holds, where, what) { this.count++; if (!holds) this.bad(where, what); }
  same(is, wanted, where) { this.that(is === wanted, where, `is “${is}”, not “${wanted}”`); }
}
