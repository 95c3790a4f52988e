// Somebody who wants to know what became of a pain point: from the front page to the one row, back in time, with a keyboard,
// in both languages, in large type and in the dark. Nothing of it needs script.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe } from "node:test";
import { axe, fontSize, look, nameOf, press, product } from "./support.mjs";
import { refuseHorizontalScroll, refuseLongPage } from "./look.mjs";

const WORDS = {
  "zh-CN": { tie: /S2-20与S2-21同为9,664票，按实名票2,654比2,813，S2-21入选/, overdue: /逾期/, past: /这是2018年6月22日24:00的数据/ },
  en: { tie: /S2-20 and S2-21 tie at 9,664; by real-name votes, 2,654 to 2,813, S2-21 is selected/, overdue: /[Oo]verdue/, past: /22 June 2018/ },
};
const PUBLIC_PAGES = [
  "/", "/campaigns", "/campaigns/s1", "/campaigns/s3", "/campaigns/s1/results", "/campaigns/s1/results/provinces", "/campaigns/s1/results/provinces?place=320000", "/campaigns/s2/results", "/campaigns/s3/results",
  "/campaigns/s3/ballot", "/issues/S1-03", "/issues/S2-20", "/provinces/320000", "/provinces/320000?campaign=s1&state=verified", "/provinces/710000", "/issues/S1-03/provinces/320000",
  "/dashboard", "/dashboard?campaign=s1&as_of=2018-06-22", "/dashboard/matrix?campaign=s1&rows=provinces", "/dashboard/matrix",
  "/dashboard/issues", "/dashboard/provinces", "/dashboard/teams", "/dashboard/trend", "/dashboard/assignments?campaign=s1", "/definitions", "/verify", "/receipts", "/privacy", "/sign-in", "/api/docs",
  "/issues", "/provinces", "/search", "/search?q=%E6%B1%9F%E8%8B%8F%20%E8%BA%AB%E4%BB%BD%E8%AF%81", "/about", "/accessibility", "/terms", "/log/", "/log/s1/",
  "/no-such-page",
];
// Desks that are a little longer than the limit: a copied campaign with its note, and the table of periods in the largest type.
const LONGER = ["/desk/campaigns/new", "/desk/campaigns/new?from=s2", "/desk/retention"];
// Some dozen pages, each in two sizes of type.
const LONG = 300_000;
const STAFF_PAGES = {
  organiser: ["/desk", "/desk/campaigns", "/desk/campaigns/s3", "/desk/campaigns/s3/preview", "/desk/campaigns/s2/tally", "/desk/campaigns/s2/dispatch", "/desk/campaigns/new?from=s2", "/desk/campaigns/s3/suspension", "/desk/rulings", "/desk/assignments"],
  "coordinator-js": ["/desk", "/desk/assignments", "/desk/assignments/S1-03/320000"],
  "leader-t3": ["/desk", "/desk/assignments"],
  sysadmin: ["/desk", "/desk/accounts", "/desk/accounts/new", "/desk/accounts/organiser", "/desk/calendar", "/desk/password"],
  auditor: ["/desk", "/desk/campaigns/s1", "/desk/assignments", "/desk/audit", "/desk/audit/10", "/desk/retention"],
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

  for (const address of PUBLIC_PAGES) {
    journey(`on ${address}, in both languages, wide and narrow, light and dark`, async ({ visit }) => {
      for (const language of ["zh-CN", "en"]) {
        const page = await visit({ language });
        page.allow(/^answer 404: GET .*\/no-such-page/);
        await page.goto(address);
        await inspect(page);
      }
    });
  }

  journey("on a phone, where no page is longer than six screens, nor than twelve in the largest type", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    page.allow(/^answer 404: GET .*\/no-such-page/);
    // The document of the API is a reference with a table of contents.
    await refuseLongPages(page, PUBLIC_PAGES.filter((address) => address !== "/api/docs"));
  }, LONG);

  for (const [who, addresses] of Object.entries(STAFF_PAGES)) {
    journey(`while no desk of ${who} is longer than six screens on a phone`, async ({ visit, signIn }) => {
      const page = await visit({ device: "phone", language: "zh-CN" });
      await signIn(page, who);
      await refuseLongPages(page, addresses.filter((address) => !LONGER.includes(address)));
    }, LONG);

    journey(`while ${who} finds every desk as sound`, async ({ visit, signIn }) => {
      const page = await visit({ language: who === "sysadmin" || who === "organiser" ? "en" : "zh-CN" });
      await signIn(page, who);
      for (const address of addresses) {
        await page.goto(address);
        await inspect(page);
      }
    });
  }
});

/** Opens the first link of the page to an address. */
async function follow(page, address) {
  const link = page.locator(`main a[href='${address}'], main a[href^='${address}?']`).first();
  await Promise.all([page.waitForURL(({ pathname }) => pathname === address), link.click()]);
}

/** Measures the pages in the usual type and in the largest one, and names all that are too long. */
async function refuseLongPages(page, addresses) {
  const long = [];
  for (const [type, screens] of [["1", 6], ["3", 12]]) {
    await page.goto(addresses[0]);
    await choose(page, "type", type);
    for (const address of addresses) {
      await page.goto(address);
      await refuseLongPage(page, screens).catch(({ message }) => long.push(message));
    }
  }
  assert.deepEqual(long, []);
}

/** Looks at the page on a laptop and on a phone, and at its colours in the dark. */
async function inspect(page) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await look(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await axe(page, { rules: ["color-contrast"] });
  await page.emulateMedia({ colorScheme: "light" });
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
