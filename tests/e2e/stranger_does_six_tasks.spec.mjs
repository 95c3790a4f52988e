// A stranger on a phone does what people come for, each task from the front page: presses are counted, and every task has its
// limit. The table at the end has the presses and the seconds.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe } from "node:test";
import { promisify } from "node:util";
import { RECEIPT, press, product } from "./support.mjs";

const run = promisify(execFile);
const table = [];

/** Presses of one task. */
class Taps {
  #page;
  #began = Date.now();
  count = 0;

  constructor(page) {
    this.#page = page;
  }

  /** Presses a link or a button that leads on. */
  async on(selector) {
    this.count += 1;
    await press(this.#page, selector);
  }

  /** Presses something that stays on the page. */
  async at(selector) {
    this.count += 1;
    await this.#page.locator(selector).first().click();
  }

  /** Notes the task, whose presses have a limit. */
  end(task, most) {
    table.push({ task, presses: this.count, seconds: ((Date.now() - this.#began) / 1000).toFixed(1) });
    assert.ok(this.count <= most, `${task}: ${this.count} presses, at most ${most}`);
  }
}

describe("A stranger does six tasks", () => {
  const { journey } = product();
  after(() => console.table(table));

  const task = (name, story) =>
    journey(name, async ({ visit, site }) => {
      const page = await visit({ device: "phone", language: "zh-CN" });
      await page.goto("/");
      await story({ page, taps: new Taps(page), site });
    });

  task("votes and looks the receipt up", async ({ page, taps }) => {
    await taps.on("main a[href^='/campaigns/s3/ballot']");
    await taps.at("label[for=place-320000]");
    await taps.on(".ballot-bar button");
    await page.locator("input[name=choice]").first().check();
    taps.count += 1;
    await taps.on(".ballot-bar button");
    await taps.at("label:has([name=track][value=anonymous])");
    taps.count += 1;
    await page.locator("button[name=act][value=cast]").first().click();
    await page.waitForURL(({ pathname }) => RECEIPT.test(pathname));
    taps.end("vote", 7);

    const receipt = new URL(page.url()).pathname.slice("/receipts/".length);
    await page.goto("/");
    const again = new Taps(page);
    await again.on("footer a[href^='/receipts']");
    await page.locator("#number").fill(receipt);
    await again.on("main form button[type=submit]");
    assert.match(await page.innerText("main"), /投票已收到/);
    again.end("look a receipt up", 2);
  });

  task("finds how many assignments are overdue", async ({ page, taps }) => {
    assert.match(await page.innerText("main"), /逾期[^]{0,20}251|251[^]{0,20}逾期/, "the front page says so");
    taps.end("how many are overdue", 0);
  });

  task("cites 369 of 620 with its link", async ({ page, taps }) => {
    await taps.on("main a[href='/dashboard?campaign=s1']");
    await page.locator("#as-of").fill("2018-06-22");
    await taps.on(".asof form button");
    assert.match(await page.innerText("main"), /369\/620/);
    const link = await page.innerText("#permanent");
    await taps.at("[data-copy=permanent]");
    taps.end("cite 369 of 620", 3);
    const { pathname, search } = new URL(link);
    await page.goto(pathname + search);
    assert.match(await page.innerText("main"), /369\/620/, "the link shows the same figures");
  });

  task("verifies the first season", async ({ page, taps, site }) => {
    await taps.on("footer a[href^='/verify']");
    const command = await page.locator("pre", { hasText: "/log/s1/" }).innerText();
    const [, key] = command.match(/--key '([^']+)'/);
    const dir = await mkdtemp(join(tmpdir(), "shudu-stranger."));
    const file = join(dir, "verify.py");
    await writeFile(file, await (await page.request.get("/verify/verify.py")).body());
    taps.count += 1;
    const { stdout } = await run("python3", [file, "log", `${site.url}/log/s1/`, "--key", key]);
    await rm(dir, { recursive: true });
    assert.match(stdout.trim().split("\n").at(-1), /^OK\b/);
    taps.end("verify the first season", 2);
  });

  task("finds the own province", async ({ page, taps }) => {
    await taps.on("main a[href^='/provinces/320000']");
    assert.match(await page.innerText("h1"), /江苏/);
    taps.end("find one's province", 1);

    await page.goto("/");
    const search = new Taps(page);
    await page.locator("#site-search").fill("江苏 身份证");
    await search.on("footer form[role=search] button");
    await search.on("main a[href*='/provinces/320000']");
    assert.match(await page.innerText("main"), /江苏/);
    search.end("find one's province by words", 2);
  });
});
