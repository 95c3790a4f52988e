// Things that leave the site: pages on paper, frames on other sites, figures that scripts of other sites read, and counted views.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe } from "node:test";
import { RECEIPT, look, press, product, walkToCheck } from "./support.mjs";

const READER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";
const PARTS = ["", "/matrix", "/issues", "/provinces", "/teams", "/trend"];
const EMBEDS = ["/embed/dashboard?campaign=s1", "/embed/issues/S1-03", "/embed/provinces/320000", "/embed/trend?campaign=s2"];

describe("What the site shows is shared", () => {
  const { journey } = product();

  journey("a dashboard on paper: few pages, with its address, its day, and room for a signature", async ({ visit }) => {
    for (const language of ["zh-CN", "en"]) {
      const page = await visit({ language });
      let sheets = 0;
      for (const part of PARTS) {
        await page.goto(`/dashboard${part}?campaign=s1&as_of=2018-06-22`);
        const count = await printed(page);
        const most = part === "" || part === "/matrix" ? 2 : 3;
        assert.ok(count <= most, `${part}: ${count} pages`);
        sheets += part === "" || part === "/matrix" ? count : 0;
        await page.emulateMedia({ media: "print" });
        const foot = await page.locator("html").getAttribute("data-print");
        assert.match(foot, new RegExp(`^http.*/dashboard${part}\\?as_of=2018-06-22&campaign=s1 .*2018`));
        assert.match(await page.innerText(".print-only"), /______/, "room for a signature");
        assert.equal(await page.locator(".head, .foot, form, .btn").evaluateAll(shown), 0, "nothing to press");
        await page.emulateMedia({ media: null });
      }
      assert.ok(sheets <= 6, `${sheets} pages for the figures and the matrix`);
    }
  });

  journey("a receipt on one page, with its code", async ({ visit }) => {
    const page = await visit({ device: "phone" });
    await walkToCheck(page, ["S3-01", "S3-04"]);
    await page.locator("label:has(input[name=track][value=anonymous])").click();
    await press(page, "button[name=act][value=cast]");
    assert.match(new URL(page.url()).pathname, RECEIPT);
    await page.locator(".camera svg").waitFor();
    assert.equal(await printed(page), 1);
  });

  journey("a portal shows the figures in a frame, by the markup that the page gives", async ({ visit }) => {
    const page = await visit();
    const other = await otherSite(page);
    await page.goto("/dashboard?campaign=s1&as_of=2018-06-22");
    await page.locator("details:has(#embed-code) summary").click();
    await look(page);
    const site = new URL(page.url()).origin;
    const markup = (await page.innerText("#embed-code")).replace(/src="[^"]*\/embed/, `src="${site}/embed`);
    await page.goto(other.showing(markup));
    const frame = page.frameLocator("iframe");
    assert.match(await frame.locator("main").innerText(), /59\.5%[^]*369\/620[^]*2018年6月22日/);
    const link = frame.locator("h1 a");
    assert.equal(await link.getAttribute("target"), "_blank");
    assert.equal(await frame.locator("form, script, button").count(), 0);
    const size = await frame.locator("html").evaluate((html) => [html.scrollWidth <= html.clientWidth, html.scrollHeight]);
    assert.ok(size[0], "no scrolling sideways in the frame");
    // A page that was not made for frames stays closed.
    page.allow(/frame-ancestors|X-Frame-Options|request failed: GET .*\/dashboard.*BLOCKED/i);
    await page.goto(other.showing(`<iframe src="${site}/dashboard"></iframe>`));
    assert.equal(await page.frameLocator("iframe").locator("main").count(), 0);
    other.close();
  });

  for (const address of EMBEDS) {
    journey(`the frame ${address} is sound on its own`, async ({ visit }) => {
      for (const language of ["zh-CN", "en"]) {
        const page = await visit({ language });
        for (const width of [1280, 390, 320]) {
          await page.setViewportSize({ width, height: 600 });
          await page.goto(address);
          await look(page);
        }
      }
    });
  }

  journey("a script of another site reads the figures, and no receipt", async ({ visit }) => {
    const page = await visit();
    const other = await otherSite(page);
    page.allow(/CORS|ERR_FAILED|answer 404/);
    await page.goto("/dashboard");
    const site = new URL(page.url()).origin;
    await page.goto(other.showing(""));
    const read = (path) => page.evaluate((address) => fetch(address).then((answer) => answer.text(), () => "refused"), `${site}${path}`);
    assert.match(await read("/api/v1/dashboard?campaign=s1&as_of=2018-06-22"), /369/);
    assert.match(await read("/dashboard.csv?plain=1&campaign=s1"), /^[^\n]*,/);
    assert.match(await read("/log/s1/checkpoint"), /s1/);
    for (const closed of [`/api/v1/receipts/${"0".repeat(32)}`, "/api/v1/account", "/dashboard"]) {
      assert.equal(await read(closed), "refused", closed);
    }
    other.close();
  });

  journey("a view of a campaign is counted", async ({ visit }) => {
    const views = async (page) => (await (await page.request.get("/api/v1/campaigns/s2/views")).json()).views;
    const robot = await visit();
    await robot.goto("/campaigns/s2");
    const before = await views(robot);
    const page = await visit({ device: "phone", userAgent: READER });
    await page.goto("/campaigns/s2");
    await page.goto("/campaigns/s2/results");
    assert.equal(await views(page), before + 2);
    assert.match(await page.innerText("main"), /浏览[\d,]+次/);
  });
});

/** A site of another origin. It is on this machine as well, because browsers keep pages of the internet from local servers. */
async function otherSite(page) {
  let body = "";
  const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(`<!doctype html>${body}`));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const address = `http://127.0.0.1:${server.address().port}`;
  page.allow(new RegExp(`^left the site: GET ${address}/`));
  return {
    showing(markup) {
      body = markup;
      return `${address}/`;
    },
    close: () => server.close(),
  };
}

/** Prints the page as its style sheet says, and counts the sheets. */
async function printed(page) {
  const file = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  return file.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
}

function shown(things) {
  return things.filter((thing) => thing.getClientRects().length > 0).length;
}
