// A citizen on a phone: from the front page to a receipt that can be looked up again, in both languages, with and
// without script, under the own name and without it, with fingers and with a keyboard.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { RECEIPT, look, nameOf, press, product, walkToCheck } from "./support.mjs";

const JIANGSU = "#place-320000";
const WORDS = {
  "zh-CN": {
    sixOfFive: "已选6项，最多5项。请去掉1项",
    overByOne: "已选6项，请去掉1项",
    five: "您选了5项",
    numberWrong: "身份证号不对。请对照证件核对每一位",
    used: "已经投过票",
    wait: /请等(\d+)秒/,
    received: "投票已收到",
    tooSoon: /还要等(\d+)秒/,
  },
  en: {
    sixOfFive: "You chose 6; the limit is 5. Untick 1",
    overByOne: "6 chosen: untick 1",
    five: "You chose 5",
    numberWrong: "The identity number is not right. Compare every digit with your card",
    used: "Already voted",
    wait: /Wait (\d+) seconds/,
    received: "Your ballot is in",
    tooSoon: /(\d+) seconds to go/,
  },
};
// Examples of GB 11643, the national standard of identity numbers.
const ONE_PERSON = "11010519491231002X";
const SAME_PERSON = "１１０１０５１９４９１２３１００２ｘ";
const ANOTHER_PERSON = "440524188001010014";

const phones = ["zh-CN", "en"].flatMap((language) => [true, false].map((script) => ({ device: "phone", script, language })));

describe("A citizen votes", () => {
  const { journey } = product();

  for (const visitor of phones) {
    journey(`from the front page to a receipt: ${nameOf(visitor)}`, async ({ visit }) => {
      const words = WORDS[visitor.language];
      const page = await visit(visitor);
      page.allow(/^answer 422: POST .*\/ballot/);

      await page.goto("/");
      await look(page);
      await press(page, "main a[href^='/campaigns/s3/ballot']");
      await look(page);
      if (visitor.script) await findJiangsu(page);
      await page.locator(`label[for=place-320000]`).click();
      await press(page, ".ballot-bar button");
      await look(page);

      const options = page.locator("input[name=choice]");
      if (visitor.script) await findAnOption(page);
      for (let n = 0; n < 6; n += 1) await options.nth(n).check();
      if (visitor.script) assert.equal(await page.locator("[data-count]").innerText(), words.overByOne);
      await press(page, ".ballot-bar button");
      assert.ok((await page.innerText("[data-errors]")).includes(words.sixOfFive), "the refusal says what to do");
      assert.equal(await page.locator("input[name=choice]:checked").count(), 6, "nothing ticked is lost");
      await look(page);

      await options.nth(5).uncheck();
      await press(page, ".ballot-bar button");
      assert.ok((await page.innerText("main")).includes(words.five));
      assert.match(await page.innerText("main"), visitor.language === "en" ? /Jiangsu/ : /江苏/);
      await look(page);

      await chooseTrack(page, "anonymous");
      await cast(page);
      if (!visitor.script) {
        await look(page);
        await waitAsAsked(page, words.wait);
        await cast(page);
      }
      const receipt = await readReceipt(page, words);
      await look(page);

      await press(page, "footer a[href^='/receipts']");
      await look(page);
      // As somebody would copy it from paper: capitals, in groups of four.
      await page.locator("#number").fill(receipt.toUpperCase().match(/.{4}/g).join(" "));
      await press(page, "main form button[type=submit]");
      assert.equal(await readReceipt(page, words), receipt);
      assert.equal(await page.locator("html").getAttribute("lang"), visitor.language);
    });
  }

  journey("under their own name, once, however the number is spelt", async ({ visit }) => {
    const words = WORDS["zh-CN"];
    const voter = () => visit({ device: "phone", language: "zh-CN" });

    const page = await voter();
    page.allow(/^answer 422: POST .*\/ballot/);
    await walkToCheck(page, ["S3-01", "S3-04"]);
    await chooseTrack(page, "real_name");
    await cast(page);
    await look(page);
    await identify(page, "张三", "110105194912310021");
    assert.ok((await page.innerText("[data-errors]")).includes(words.numberWrong));
    assert.equal(await page.locator("#name").inputValue(), "张三", "the name is kept");
    await look(page);
    await identify(page, "张三", ONE_PERSON);
    const receipt = await readReceipt(page, words);

    const again = await voter();
    await walkToCheck(again, ["S3-04", "S3-01"]);
    await chooseTrack(again, "real_name");
    await cast(again);
    await identify(again, "张三", SAME_PERSON);
    assert.equal(await readReceipt(again, words), receipt, "the same person with the same choices: the same ballot");

    const changed = await voter();
    changed.allow(/^answer 409: POST .*\/ballot/);
    await walkToCheck(changed, ["S3-02"]);
    await chooseTrack(changed, "real_name");
    await cast(changed);
    await identify(changed, "张三", ONE_PERSON);
    assert.equal(await changed.locator("h1").innerText(), words.used);
    assert.equal(await changed.locator("#ticks li").count(), 1, "what was chosen now is still there to copy");
    await look(changed);

    const other = await voter();
    await walkToCheck(other, ["S3-01", "S3-04"]);
    await chooseTrack(other, "real_name");
    await cast(other);
    await identify(other, "李四", ANOTHER_PERSON);
    assert.notEqual(await readReceipt(other, words), receipt, "another person with the same choices: another ballot");
  });

  journey("with two presses and still one ballot", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "en" });
    await walkToCheck(page, ["S3-05"]);
    await chooseTrack(page, "anonymous");
    const posts = [];
    page.on("request", (request) => request.method() === "POST" && request.url().includes("/ballot") && posts.push(request));
    await page.locator("button[name=act][value=cast]").dblclick({ noWaitAfter: true });
    await page.waitForURL(({ pathname }) => RECEIPT.test(pathname));
    assert.equal(posts.length, 1, "the second press sends nothing");
  });

  journey("whose answer is lost on the way gets the same receipt by pressing again: no script", async ({ visit }) => {
    const words = WORDS["zh-CN"];
    const page = await visit({ device: "phone", script: false, language: "zh-CN" });
    await walkToCheck(page, ["S3-05", "S3-06"]);
    await chooseTrack(page, "anonymous");
    await cast(page);

    // Too early: asked to wait on, with everything kept.
    page.allow(/^answer 4(09|25|29): POST .*\/ballot/);
    await cast(page);
    await look(page);
    await waitAsAsked(page, words.tooSoon);

    let lost;
    await page.route("**/ballot*", async (route) => {
      lost = (await route.fetch({ maxRedirects: 0 })).headers().location;
      await route.abort("aborted");
    });
    const button = page.locator("button[name=act][value=cast]");
    await Promise.all([page.waitForEvent("requestfailed"), button.click({ noWaitAfter: true })]);
    await page.unrouteAll();
    await cast(page);
    assert.equal(new URL(page.url()).pathname, new URL(lost, page.url()).pathname);
    await readReceipt(page, words);
  });

  journey("with a keyboard alone", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "en" });
    await page.goto("/campaigns/s3/ballot?lang=en");
    await tabTo(page, "input[name=my-place]");
    await page.keyboard.press("Space");
    for (let n = 0; n < 40 && !(await page.locator(JIANGSU).isChecked()); n += 1) await page.keyboard.press("ArrowDown");
    await tabTo(page, ".ballot-bar button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/step=options|place=/);

    for (let n = 0; n < 3; n += 1) {
      await tabTo(page, "input[name=choice]");
      await page.keyboard.press("Space");
    }
    await tabTo(page, ".ballot-bar button");
    assert.equal(await page.locator("[data-count]").innerText(), "3 chosen, up to 5");
    await page.keyboard.press("Enter");
    await page.locator("input[name=track]").first().waitFor();

    await tabTo(page, "input[name=track]");
    await page.keyboard.press("Space");
    await tabTo(page, "button[name=act][value=cast]");
    await page.keyboard.press("Enter");
    await page.waitForURL(({ pathname }) => RECEIPT.test(pathname));
    await readReceipt(page, WORDS.en);
  });
});

/** Two letters of pinyin leave Jiangsu, not Zhejiang; the places come back when nothing is found. */
async function findJiangsu(page) {
  await page.locator("#find").fill("js");
  await page.locator("label[for=place-330000]").waitFor({ state: "hidden" });
  assert.ok(await page.locator("label[for=place-320000]").isVisible());
  await look(page);
}

/** A word that nothing has leaves what is ticked in sight. */
async function findAnOption(page) {
  const first = page.locator("label.choice:has(input[name=choice])").first();
  await first.click();
  await page.locator("#find").fill("zzzz");
  await page.locator("label.choice:has(input[name=choice])").nth(1).waitFor({ state: "hidden" });
  assert.ok(await first.isVisible(), "a ticked option stays");
  await page.locator("#find").fill("");
  await page.locator("label.choice:has(input[name=choice])").nth(1).waitFor();
}

async function chooseTrack(page, track) {
  await page.locator(`label:has(input[name=track][value=${track}])`).click();
}

async function cast(page) {
  await press(page, "button[name=act][value=cast]");
}

/** Without script the reader waits instead of the browser working, for as long as the page says. */
async function waitAsAsked(page, sentence) {
  const main = await page.innerText("main");
  assert.match(main, sentence);
  const [, seconds] = main.match(sentence);
  await page.waitForTimeout(seconds * 1000);
}

async function identify(page, name, number) {
  await page.locator("#name").fill(name);
  await page.locator("#number").fill(number);
  await cast(page);
}

async function readReceipt(page, words) {
  assert.match(new URL(page.url()).pathname, RECEIPT, await page.innerText("main"));
  assert.ok((await page.innerText("h1")).includes(words.received));
  const number = (await page.locator("#no").innerText()).replace(/\s/g, "").toLowerCase();
  assert.equal(`/receipts/${number}`, new URL(page.url()).pathname);
  return number;
}

/** Presses Tab until something that fits the selector and is not chosen yet has the focus. */
async function tabTo(page, selector) {
  for (let n = 0; n < 120; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`no Tab leads to ${selector} on ${page.url()}`);
}
