// Somebody who wants to know what became of a pain point: from the front page to the one row, back in time, with a keyboard,
// in both languages, in large type and in the dark. Nothing of it needs script.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe } from "node:test";
import { axe, fontSize, look, nameOf, press, product } from "./support.mjs";
import { refuseHorizontalScroll } from "./look.mjs";

const WORDS = {
  "zh-CN": { tie: /S2-20与S2-21同为9,664票，按实名票2,654比2,813，S2-21入选/, overdue: /逾期/, past: /这是2018年6月22日24:00的数据/ },
  en: { tie: /S2-20 and S2-21 tie at 9,664; by real-name votes, 2,654 to 2,813, S2-21 is selected/, overdue: /[Oo]verdue/, past: /22 June 2018/ },
};

const readers = [
  { device: "phone", script: false, language: "zh-CN" },
  { device: "desktop", script: true, language: "en" },
];

describe("A visitor follows an issue", () => {
  const { journey } = product();

  for (const reader of readers) {
    journey(`from the front page to one province and back in time: ${nameOf(reader)}`, async ({ visit }) => {
      const words = WORDS[reader.language];
      const page = await visit(reader);
      await page.goto("/");
      await follow(page, "/campaigns/s2/results");
      assert.match(await page.innerText("main"), words.tie);
      await look(page);
      await page.goto("/campaigns");
      await follow(page, "/campaigns/s1");
      await follow(page, "/campaigns/s1/results");
      await follow(page, "/issues/S1-03");
      await look(page);
      await follow(page, "/issues/S1-03/provinces/320000");
      await look(page);
      await follow(page, "/provinces/320000");
      await look(page);

      await page.goto("/dashboard?campaign=s1");
      assert.match(await page.innerText("main"), /369\/620/);
      assert.match(await page.innerText("main"), words.overdue);
      await page.locator("#as-of").fill("2018-06-22");
      await press(page, ".asof form button");
      assert.match(await page.innerText("main"), /59\.5%[^]*369\/620/);
      assert.match(await page.innerText("main"), words.past);
      await page.locator("#as-of").fill("2018-05-15");
      await press(page, ".asof form button");
      assert.match(await page.innerText("main"), /41\.9%[^]*260\/620/);
      await page.goto("/dashboard?as_of=2018-06-22");
      await page.goto("/dashboard?campaign=s2&as_of=2018-06-22");
      assert.match(await page.innerText("main"), /27\.9%[^]*173\/620/);
      assert.equal(await page.locator("html").getAttribute("lang"), reader.language);
    });
  }

  journey("through the matrix with a keyboard, and back to the same cell", async ({ visit }) => {
    const page = await visit({ language: "en" });
    await page.goto("/dashboard/matrix?campaign=s1");
    const matrix = page.locator("table[data-matrix]");
    assert.equal(await matrix.locator("a[tabindex='0']").count(), 1, "one stop for Tab");
    await matrix.locator("a[tabindex='0']").focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    for (let n = 0; n < 10; n += 1) await page.keyboard.press("ArrowRight");
    const cell = await page.evaluate(() => document.activeElement.getAttribute("href"));
    assert.match(cell, /\/issues\/S1-\d+\/provinces\/320000/, "tenth province by code");
    await Promise.all([page.waitForURL(/\/issues\/S1-\d+\/provinces\/320000/), page.keyboard.press("Enter")]);
    await page.goBack();
    assert.equal(await page.locator("table[data-matrix] a[tabindex='0']").getAttribute("href"), cell);
    await page.locator("table[data-matrix] a[tabindex='0']").focus();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.closest("table[data-matrix]")), null, "Escape leaves it");
  });

  journey("on a tablet, where the matrix needs no scrolling sideways", async ({ visit }) => {
    const page = await visit({ language: "en" });
    for (const width of [768, 1024, 1229]) {
      for (const address of ["/dashboard/matrix?campaign=s1", "/dashboard/matrix?campaign=s1&rows=provinces"]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address);
        const over = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll(".mx-scroll")]
          .map((box) => box.scrollWidth - box.clientWidth));
        assert.ok(over.every((px) => px <= 0), `${address} at ${width}: ${over}`);
      }
    }
  });

  journey("without script every cell is a link", async ({ visit }) => {
    const page = await visit({ script: false });
    await page.goto("/dashboard/matrix?campaign=s1");
    assert.equal(await page.locator("table.mx td a[href*='/provinces/']").count(), 20 * 31);
    await press(page, "table.mx td a");
    assert.match(new URL(page.url()).pathname, /^\/issues\/S1-\d+\/provinces\/110000$/);
  });

  for (const script of [true, false]) {
    journey(`by a word, from the foot of a page, with a keyboard alone: ${script ? "script" : "no script"}`, async ({ visit }) => {
      const page = await visit({ device: "phone", script, language: "zh-CN" });
      await page.goto("/privacy");
      await page.locator("footer a, footer input").first().focus();
      assert.equal(await page.evaluate(() => document.activeElement.id), "site-search", "the first stop of the foot");
      await page.keyboard.type("补领 身份证");
      await Promise.all([page.waitForURL(/\/search\?q=/), page.keyboard.press("Enter")]);
      await look(page);
      await follow(page, "/issues/S1-03");
      await page.goto("/search?q=%E9%A3%9E%E6%9C%BA%E7%A5%A8");
      assert.match(await page.innerText("main"), /没有找到“飞机票”/);
      await follow(page, "/provinces");
      await follow(page, "/issues");
      await page.locator("#campaign").selectOption("s1");
      await press(page, "main form.filter button");
      assert.equal(await page.locator("ul.lines li").count(), 20);
      await follow(page, "/issues/S1-03");
    });
  }

  journey("in the other language, which stays", async ({ visit }) => {
    const page = await visit({ device: "phone", script: false, language: "zh-CN" });
    await page.goto("/campaigns/s1/results");
    await press(page, "a.tool[hreflang=en]");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await follow(page, "/issues/S1-03");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await press(page, "a.brand");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await press(page, "main a[href*='/ballot']");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.deepEqual(await page.context().cookies(), [], "without a cookie");
  });

  journey("in large type and in the dark, by a style sheet of their own", async ({ visit }) => {
    for (const script of [true, false]) {
      const page = await visit({ device: "phone", script });
      await page.goto("/dashboard?campaign=s1");
      const before = await fontSize(page);
      await choose(page, "type", "3");
      assert.equal(new URL(page.url()).search, "?campaign=s1", "back where the reader was");
      await choose(page, "theme", "dark");
      assert.ok((await fontSize(page)) > before * 1.6, "the type grew");
      await page.goto("/campaigns/s1/results");
      assert.ok((await fontSize(page)) > before * 1.6, "on other pages too");
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
      await refuseHorizontalScroll(page);
      await axe(page, { rules: ["color-contrast"] });
      const cookies = await page.context().cookies();
      assert.deepEqual(cookies.map(({ name }) => name).sort(), ["__Host-prefs-theme", "__Host-prefs-type"]);
      // No page varies by them: the style sheet alone does.
      const bytes = async (headers) => (await fetch(new URL("/campaigns/s1/results", page.url()), { headers })).text();
      assert.equal(await bytes({ cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") }), await bytes({}));
    }
  });

  journey("with the figures in a file", async ({ visit }) => {
    const page = await visit();
    await page.goto("/campaigns/s1/results");
    const results = await download(page, "main a[href*='results.csv']");
    assert.match(results, /S1-03/);
    await page.goto("/dashboard?campaign=s1&as_of=2018-06-22");
    assert.match(await download(page, "main a[href*='dashboard.csv']"), /369/);
    const rows = await download(page, "main a[href*='dashboard-matrix.csv']");
    assert.equal(rows.split("\n").filter((line) => /S1-\d\d/.test(line)).length, 620);
    await page.goto("/issues/S1-03/provinces/320000");
    assert.match(await download(page, "main a[href*='history.csv']"), /2018-05-09/);
    await page.goto("/api/explorer");
    await page.locator("text=/campaigns").first().waitFor();
  });
});

/** Opens the first link of the page to an address. */
async function follow(page, address) {
  const link = page.locator(`main a[href='${address}'], main a[href^='${address}?']`).first();
  await Promise.all([page.waitForURL(({ pathname }) => pathname === address), link.click()]);
}

/** Chooses a type size or colours. With script the page stays; without, it comes again. */
async function choose(page, name, value) {
  const panel = page.locator(".tools details").first();
  if ((await panel.getAttribute("open")) === null) await panel.locator("summary").click();
  const styled = page.waitForResponse((answer) => answer.url().includes("/prefs.css"));
  await Promise.all([styled, panel.locator(`button[name=${name}][value='${value}']`).click()]);
  await page.waitForLoadState("networkidle");
}

async function download(page, selector) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(selector).first().click()]);
  return readFile(await file.path(), "utf8");
}
