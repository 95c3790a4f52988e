// Ticks and typed texts stay: in another type size, colour or language, on the way back, after a reload, without a
// network. With script and without. And the keyboard leads from the front page to a receipt, always in sight.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { RECEIPT, fontSize, look, press, product } from "./support.mjs";

const OPTIONS = "/campaigns/s3/ballot?o=17&step=options&my-place=320000";
const KEYS = 40;

describe("Nothing ticked or typed is lost", () => {
  const { journey } = product();

  for (const script of [true, false]) {
    const how = script ? "script" : "no script";

    journey(`by another size, colour or language, at every step of a ballot: ${how}`, async ({ visit }) => {
      const page = await visit({ device: "phone", script, language: "zh-CN" });
      page.allow(/^answer 4(22|09): POST .*\/ballot/);
      const sized = async () => {
        await tool(page, "[data-type='2']");
        assert.ok((await fontSize(page)) > 20, "the letters are larger");
        await tool(page, "[data-theme=dark]");
        await tool(page, "[data-type='1']");
        await tool(page, "[data-theme=system]");
        assert.ok((await fontSize(page)) < 18);
      };
      const inBoth = async (look) => {
        await press(page, ".tools > button.tool");
        assert.equal(await page.locator("html").getAttribute("lang"), "en");
        await look();
        await press(page, ".tools > button.tool");
        assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
        await look();
      };

      await page.goto("/campaigns/s3/ballot?o=17");
      await page.locator("label[for=place-320000]").click();
      const isJiangsu = async () => assert.ok(await page.locator("#place-320000").isChecked());
      await sized();
      await isJiangsu();
      await inBoth(isJiangsu);
      await press(page, ".ballot-bar button");

      for (const code of ["S3-01", "S3-04", "S3-06"]) await page.locator(`#option-${code}`).check();
      const areThree = async () => assert.equal(await page.locator("input[name=choice]:checked").count(), 3);
      await sized();
      await areThree();
      await inBoth(areThree);
      await look(page);
      await press(page, ".ballot-bar button");

      await page.locator("label[for=track-real-name]").click();
      const isCheck = async () => {
        assert.equal(await page.locator("main dl ol li").count(), 3);
        assert.match(await page.innerText("main dl"), /江苏|Jiangsu/);
        assert.ok(await page.locator("#track-real-name").isChecked());
      };
      await sized();
      await isCheck();
      await inBoth(isCheck);
      assert.equal(await page.locator("button[name=act][value=cast]").innerText(), "去核验身份");
      await look(page);
      await press(page, "button[name=act][value=cast]");

      await page.locator("#name").fill("王芳");
      await page.locator("#number").fill("1101");
      const isTyped = async () => {
        assert.equal(await page.locator("#name").inputValue(), "王芳");
        assert.equal(await page.locator("#number").inputValue(), "1101");
      };
      await sized();
      await isTyped();
      await inBoth(isTyped);
      await look(page);
      await press(page, "button[name=act][value=check]");
      await isCheck();
      await page.locator("label[for=track]").click();
      assert.equal(await page.locator("button[name=act][value=cast]").innerText(), "提交投票");
      if (script) {
        await cast(page);
        return;
      }
      await press(page, "button[name=act][value=cast]");
      await sized();
      await inBoth(async () => assert.match(await page.innerText("main"), /继续提交投票|Go on and cast/));
      await page.waitForTimeout(10_000);
      await cast(page);
    });

    journey(`by Back and by a reload: ${how}`, async ({ visit }) => {
      const page = await visit({ device: "phone", script, language: "zh-CN" });
      page.allow(/^answer 422: POST .*\/ballot/);
      const back = async () => {
        await page.goBack();
        assert.ok(await page.locator("main h1").isVisible(), "no page of the browser");
      };
      await page.goto(OPTIONS);
      await press(page, ".ballot-bar button");
      assert.ok(await page.locator("[data-errors]").isVisible());
      for (const code of ["S3-01", "S3-04"]) await page.locator(`#option-${code}`).check();
      await press(page, ".ballot-bar button");
      await back();
      assert.ok(await page.locator("input[name=choice]").first().isVisible(), "the options again, after a refusal");
      assert.equal(await page.locator("input[name=choice]:checked").count(), 2);
      await page.goForward();
      assert.equal(await page.locator("main dl ol li").count(), 2);

      await press(page, "button[name=act][value=place]");
      await back();
      assert.equal(await page.locator("main dl ol li").count(), 2, "the check again, after the place");
      await page.reload();
      assert.equal(await page.locator("main dl ol li").count(), 2, "the check again, after a reload");

      await page.locator("label[for=track]").click();
      if (!script) {
        await press(page, "button[name=act][value=cast]");
        await page.waitForTimeout(10_000);
      }
      await cast(page);
      const receipt = new URL(page.url()).pathname;
      await page.reload();
      assert.equal(new URL(page.url()).pathname, receipt);
      await back();
      await cast(page);
      assert.equal(new URL(page.url()).pathname, receipt, "the same ballot once more");
    });

    journey(`of a report, by size and language: ${how}`, async ({ visit, signIn }) => {
      const page = await visit({ script, language: "zh-CN" });
      await signIn(page, "handler");
      await page.goto(`${await openRow(page)}/report`);
      await page.locator("#before").fill("要到窗口排队\n还要<带>复印件");
      await page.locator("#covered").fill("98");
      const isTyped = async () => {
        assert.equal(await page.locator("#before").inputValue(), "要到窗口排队\n还要<带>复印件");
        assert.equal(await page.locator("#covered").inputValue(), "98");
      };
      await tool(page, "[data-type='3']");
      await isTyped();
      await press(page, ".tools > button.tool");
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      await isTyped();
      await look(page);
      await press(page, ".tools > button.tool");
      await isTyped();
    });
  }

  journey("where the network is gone when the button is pressed", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    page.allow(/request failed: HEAD .*\/healthz net::ERR_INTERNET_DISCONNECTED/);
    page.allow(/console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED/);
    await page.goto(OPTIONS);
    for (const code of ["S3-02", "S3-03"]) await page.locator(`#option-${code}`).check();
    await press(page, ".ballot-bar button");
    await page.context().setOffline(true);
    await page.locator("button[name=act][value=cast]").click();
    const said = page.locator("[data-offline]");
    await said.filter({ hasText: "没有网络，选择还在" }).waitFor();
    assert.equal(await page.locator("button[name=act][value=cast]").innerText(), "提交投票", "the button is there again");
    await look(page);
    await page.context().setOffline(false);
    await cast(page);
  });

  journey("where the network is gone at any other step, and in a report", async ({ visit, signIn }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    const offline = async (button, kept) => {
      await page.context().setOffline(true);
      await page.locator(button).first().click();
      await page.locator("[data-offline]").filter({ hasText: "没有网络，填写的内容都还在" }).waitFor();
      assert.ok(await kept(), `after ${button}`);
      await page.context().setOffline(false);
    };
    await page.goto("/campaigns/s3/ballot?o=17");
    await page.locator("label[for=place-320000]").click();
    await offline(".ballot-bar button", () => page.locator("#place-320000").isChecked());
    await press(page, ".ballot-bar button");
    await page.locator("#option-S3-02").check();
    await offline(".ballot-bar button", () => page.locator("#option-S3-02").isChecked());
    await press(page, ".ballot-bar button");
    assert.match(await page.innerText("main"), /提交投票/);
    await signIn(page, "handler");
    await page.goto(`${await openRow(page)}/report`);
    await page.locator("#before").fill("窗口已经开通，材料减为两份。");
    await offline("form:has(#before) .btn:not(.btn-2)", async () => (await page.locator("#before").inputValue()) === "窗口已经开通，材料减为两份。");
  });

  journey("and a cast is sent once, also where the browser cannot work for a pass", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    await page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
    const posts = [];
    page.on("request", (request) => request.method() === "POST" && request.url().includes("/ballot") && posts.push(request));
    await page.goto(OPTIONS);
    await page.locator("#option-S3-02").check();
    await press(page, ".ballot-bar button");
    await page.locator("label[for=track]").click();
    posts.length = 0;
    await press(page, "button[name=act][value=cast]");
    assert.match(await page.innerText("main"), /继续提交投票/);
    assert.equal(posts.length, 1, "one press draws one ticket");
    await page.goto("/campaigns/s3/ballot?o=18");
    assert.ok(await page.locator("[data-voted]").isHidden(), "no ballot was cast yet");
    await page.goBack();
    await page.waitForTimeout(10_000);
    posts.length = 0;
    await cast(page);
    assert.equal(posts.length, 1, "one press casts once");
    await page.goto("/campaigns/s3/ballot?o=17");
    assert.ok(await page.locator("[data-voted]").isVisible());
  });

  journey("and marks of earlier days go with the next page", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    await page.goto("/");
    const marks = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("shudu.voted.")).sort());
    await page.evaluate(() => {
      localStorage.setItem("shudu.voted.s1", JSON.stringify("Sat Apr 07 2018"));
      localStorage.setItem("shudu.voted.s3", JSON.stringify(new Date().toDateString()));
    });
    await page.goto("/privacy");
    assert.deepEqual(await marks(), ["shudu.voted.s3"]);
  });

  journey("and the next visit knows the place and the ballot of the day", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    await page.goto("/campaigns/s3/ballot");
    assert.ok(await page.locator("[data-voted]").isHidden());
    await page.locator("label[for=place-320000]").click();
    assert.equal(await page.locator("[data-chosen-place]").innerText(), "已选：江苏省");
    await press(page, ".ballot-bar button");
    assert.equal((await page.locator("a.back").innerText()).replace(/\s/g, ""), "返回办事地点（江苏省）");
    await page.locator("input[name=choice]").first().check();
    await press(page, ".ballot-bar button");
    await cast(page);
    const link = page.locator("main a[href='/provinces/320000']");
    assert.equal(await link.innerText(), "看江苏省的整改进展");
    await look(page);

    await page.goto("/campaigns/s3/ballot");
    assert.ok(await page.locator("[data-voted]").isVisible());
    assert.match(await page.innerText(".slot"), /上次选择：江苏省\s*继续/);
    await look(page);
    await press(page, ".slot button:has-text('继续')");
    assert.match(page.url(), /my-place=320000/);
  });

  journey("and a search shows hits before what is only ticked", async ({ visit }) => {
    const page = await visit({ device: "phone", language: "zh-CN" });
    await page.goto("/campaigns/s3/ballot");
    await page.locator("#find").fill("南京");
    await page.locator("label[for=place-330000]").waitFor({ state: "hidden" });
    assert.ok(await page.locator("label[for=place-320000]").isVisible());
    await page.locator("#find").press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "place-320000");

    await page.goto(OPTIONS);
    const boxes = page.locator("label.choice:has(input[name=choice])");
    const wanted = boxes.last();
    const word = (await wanted.innerText()).trim().slice(0, 8);
    const order = await boxes.evaluateAll((rows) => rows.map((row) => row.htmlFor));
    await boxes.first().click();
    await page.locator("#find").fill(word);
    await boxes.nth(2).waitFor({ state: "hidden" }).catch(() => {});
    const seen = await boxes.evaluateAll((rows) => rows.filter((row) => row.offsetParent).map((row) => row.htmlFor));
    assert.equal(seen[0], order.at(-1), "the hit stands first");
    assert.ok(seen.includes(order[0]), "what is ticked stays");
    await page.locator("#find").fill("");
    assert.deepEqual(await boxes.evaluateAll((rows) => rows.map((row) => row.htmlFor)), order, "the order of the address again");
  });

  journey(`from the front page to a receipt with at most ${KEYS} keys`, async ({ visit }) => {
    const page = await visit({ language: "zh-CN" });
    let keys = 0;
    const key = async (name) => {
      keys += 1;
      await page.keyboard.press(name);
    };
    const tabTo = async (selector) => {
      for (let n = 0; n < 40; n += 1) {
        await key("Tab");
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      }
      throw new Error(`no Tab leads to ${selector}`);
    };
    const open = async (name) => {
      await Promise.all([page.waitForEvent("framenavigated"), key(name)]);
      await page.waitForLoadState();
    };
    const skip = async () => {
      // A page that opens at its main part needs no skip link.
      if (new URL(page.url()).hash === "#main") return;
      await tabTo(".skip");
      await key("Enter");
    };
    await page.goto("/");
    await skip();
    await tabTo("main a[href^='/campaigns/s3/ballot']");
    await open("Enter");
    await skip();
    await tabTo("#find");
    for (const letter of "js") await key(letter);
    await key("Enter");
    await key("Space");
    await open("Enter");
    await skip();
    await tabTo("#find");
    await key("Enter");
    await key("Space");
    await open("Enter");
    await skip();
    await tabTo("button[name=act][value=cast]");
    await key("Enter");
    await page.waitForURL(({ pathname }) => RECEIPT.test(pathname));
    assert.ok(keys <= KEYS, `${keys} keys`);
  });

  for (const [width, height] of [[1280, 720], [390, 844], [844, 390]]) {
    journey(`and no focus hides under the bar at ${width} × ${height}`, async ({ visit }) => {
      const page = await visit({ language: "zh-CN" });
      await page.setViewportSize({ width, height });
      await page.goto(OPTIONS);
      await page.locator("a[href='#go']").focus();
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.id), "go", "a link leads past the options");
      for (const address of ["/campaigns/s3/ballot?o=17", OPTIONS]) {
        await page.goto(address);
        let stops = 0;
        for (let n = 0; n < 80; n += 1) {
          await page.keyboard.press("Tab");
          const { hidden, left, name } = await page.evaluate(underBar);
          assert.ok(!hidden, `${name} at ${address}`);
          if (left) break;
          stops += 1;
        }
        assert.ok(stops > 6, `${stops} stops at ${address}`);
      }
    });
  }
});

/** Whether the focused element lies under the bar; whether the focus has passed the bar. */
function underBar() {
  const focused = document.activeElement;
  const bar = document.querySelector(".ballot-bar");
  const left = bar.contains(focused) || focused === document.body;
  const one = focused.getBoundingClientRect();
  const over = bar.getBoundingClientRect();
  const stuck = getComputedStyle(bar).position === "sticky";
  const hidden = !left && stuck && one.bottom > over.top && one.top < over.bottom && one.height > 0;
  return { hidden, left, name: focused.id || focused.outerHTML.slice(0, 80) };
}

/** Presses a tool under 字号: with script the page stays, without script it is shown again. */
async function tool(page, selector) {
  if (!(await page.locator("details.tool").first().evaluate((details) => details.open))) await page.locator("details.tool > summary").first().click();
  const button = page.locator(`.seg ${selector}`);
  if (!page.withScript) {
    await press(page, `.seg ${selector}`);
    return;
  }
  await button.click();
  await page.locator(`.seg ${selector}[aria-pressed=true]`).waitFor();
  await page.locator("details.tool > summary").first().click();
}

async function cast(page) {
  await page.locator("button[name=act][value=cast]").click();
  await page.waitForURL(({ pathname }) => RECEIPT.test(pathname));
}

/** Address of the first assignment of the signed-in handler that is in progress. */
async function openRow(page) {
  await page.goto("/desk/assignments?state=in_progress");
  const row = await page.locator("main table a[href^='/desk/assignments/']").first().getAttribute("href");
  return row.split("?")[0];
}
