// Journeys through the product in a real browser.
//
//     import { describe } from "node:test";
//     import { axe, product } from "./support.mjs";
//
//     describe("A citizen casts a ballot", () => {
//       const { journey } = product();
//
//       journey("on a phone without script", async ({ visit }) => {
//         const page = await visit({ device: "phone", script: false, language: "zh-CN" });
//         await page.goto("/campaigns");
//         await axe(page);
//       });
//     });
//
// A journey fails by itself on console errors, breaches of the content policy, failed requests, answers of 400 and above
// and requests to other sites. One that is meant to be refused says so: `page.allow(/^answer 409: POST/)`.

import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { startProduct } from "./product.mjs";
import { Watch } from "./watch.mjs";

export { axe } from "./axe.mjs";
export { look } from "./look.mjs";

const CHROMIUM = process.env.SHUDU_CHROMIUM ?? "/usr/bin/chromium";
const SHOTS = process.env.SHUDU_SHOTS ?? join(tmpdir(), "shudu-shots");
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 } },
};
const JOURNEY_LIMIT = 120_000;
const ACTION_LIMIT = 30_000;

/** Every kind of visitor: both devices, with and without script, both languages. */
export const visitors = Object.keys(DEVICES).flatMap((device) =>
  [true, false].flatMap((script) =>
    ["zh-CN", "en"].map((language) => ({ device, script, language })),
  ),
);

/** A visitor in words, for the name of a journey: `phone, no script, en`. */
export function nameOf({ device, script, language }) {
  return `${device}, ${script ? "script" : "no script"}, ${language}`;
}

/**
 * Inside `describe`: runs `shudu <command>` and a browser for the journeys of this suite.
 *
 * Returns `{ journey, site }`; `site.url` and `site.accounts` are there once the first journey runs.
 */
export function product(command = "demo", ...flags) {
  let site;
  let browser;

  before(async () => {
    site = await startProduct(command, flags);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  function journey(name, story, limit = JOURNEY_LIMIT) {
    it(name, async () => {
      const visits = new Visits(browser, site);
      try {
        const told = story({
          site,
          visit: (visitor) => visits.open(visitor),
          signIn: (page, who) => signIn(page, site, who),
        });
        await Promise.race([told, tooLate(limit)]);
        visits.refuseProblems();
      } catch (error) {
        throw await visits.explain(error, name);
      } finally {
        await visits.close();
      }
    });
  }

  return {
    journey,
    get site() {
      return site;
    },
  };
}

async function tooLate(limit) {
  await sleep(limit, undefined, { ref: false });
  throw new Error(`the journey took longer than ${limit / 1000} s`);
}

/** Presses what leads to another page, or to this one again, and waits for it. */
export async function press(page, selector) {
  await Promise.all([page.waitForEvent("framenavigated"), page.locator(selector).first().click()]);
  await page.waitForLoadState();
}

/** Path of a receipt. */
export const RECEIPT = /^\/receipts\/[0-9a-f]{32}$/;

/** Goes from the first step of the open campaign to the check, in Jiangsu, with these options ticked. */
export async function walkToCheck(page, choices) {
  await page.goto("/campaigns/s3/ballot");
  await page.locator("label[for=place-320000]").click();
  await press(page, ".ballot-bar button");
  for (const code of choices) await page.locator(`#option-${code}`).check();
  await press(page, ".ballot-bar button");
}

/** Size of the letters of a page, in pixels. */
export async function fontSize(page) {
  return page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
}

/** Signs in on a page by role, or by login where a role has many, and returns the account. */
async function signIn(page, site, who) {
  const account = await site.account(who);
  await page.goto("/sign-in");
  const form = page.locator("form:has([name=password])");
  await form.locator("[name=login]").fill(account.login);
  await form.locator("[name=password]").fill(account.password);
  await press(page, "form:has([name=password]) button:not([type=button]):not([type=reset])");
  if (new URL(page.url()).pathname === "/sign-in") {
    throw new Error(`${who} (${account.login}) could not sign in; the page says:\n${await page.innerText("main")}`);
  }
  return account;
}

/** The browser contexts of one journey: each visitor has cookies and storage of their own. */
class Visits {
  #browser;
  #site;
  #open = [];

  constructor(browser, site) {
    this.#browser = browser;
    this.#site = site;
  }

  /** A page of a new visitor; anything else given is an option of the browser context, such as `colorScheme`. */
  async open({ device = "desktop", script = true, language = "zh-CN", ...options } = {}) {
    const context = await this.#browser.newContext({
      ...DEVICES[device],
      baseURL: this.#site.url,
      javaScriptEnabled: script,
      locale: language,
      timezoneId: "Asia/Shanghai",
      ...options,
    });
    context.setDefaultTimeout(ACTION_LIMIT);
    const watch = new Watch(context, this.#site.url);
    this.#open.push({ context, watch });
    const page = await context.newPage();
    page.allow = (pattern) => watch.allow(pattern);
    page.withScript = script;
    return page;
  }

  refuseProblems() {
    const problems = this.#problems();
    if (problems.length > 0) throw new Error(`the pages had problems\n${problems.join("\n")}`);
  }

  /** The failure with all that helps to understand it: problems, what the product wrote, a picture of every page. */
  async explain(error, name) {
    const shots = await this.#shoot(name);
    const problems = this.#problems().filter((problem) => !error.message.includes(problem));
    const parts = [
      ["problems on the pages", problems.map((problem) => `  ${problem}`)],
      ["pictures", shots.map((shot) => `  ${shot}`)],
      ["the product wrote last", [this.#site.lastLines()]],
    ];
    const details = parts.filter(([, lines]) => lines.join("")).map(([title, lines]) => `${title}:\n${lines.join("\n")}`);
    const explained = new Error([error.message, ...details].join("\n\n"));
    explained.stack = [`Error: ${explained.message}`, ...framesOfJourneys(error)].join("\n");
    return explained;
  }

  async close() {
    await Promise.all(this.#open.map(({ context }) => context.close()));
  }

  #problems() {
    return this.#open.flatMap(({ watch }) => watch.problems());
  }

  async #shoot(name) {
    await mkdir(SHOTS, { recursive: true });
    const slug = name.toLowerCase().match(/[\p{L}\p{N}]+/gu).join("-").slice(0, 80);
    const pages = this.#open.flatMap(({ context }) => context.pages());
    return Promise.all(
      pages.map(async (page, index) => {
        const path = join(SHOTS, `${slug}-${process.pid}-${index + 1}.png`);
        try {
          await page.screenshot({ path, fullPage: true, timeout: ACTION_LIMIT });
          return `${path} ${page.url()}`;
        } catch (error) {
          return `none of ${page.url()}: ${error.message.split("\n")[0]}`;
        }
      }),
    );
  }
}

// The frames that a reader can act on: the lines of the journey, not those of the runner and this harness.
function framesOfJourneys({ stack }) {
  return stack.split("\n").filter((line) => /^ +at .*\.spec\.mjs:/.test(line));
}
