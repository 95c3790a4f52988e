// A coordinator who is invited, signs in at the ministry's provider on a phone, and signs out of both.

import assert from "node:assert/strict";
import { after, describe } from "node:test";
import { allowLeavingFor, provided, signInAtProvider } from "./provider.mjs";
import { look, press, product } from "./support.mjs";

const { provider, flags } = await provided(
  "staff",
  ({ issuer, secret }) => `
[single_sign_on.provider]
issuer = "${issuer}"
client_id = "shudu"
secret_file = "${secret}"
name_zh = "统一身份认证"
name_en = "Ministry sign-on"
scopes = ["groups"]
amr = ["otp", "hwk"]
[[single_sign_on.roles]]
claim = "groups"
value = "shudu/coordinator/{scope}"
role = "province_coordinator"
`,
);

describe("A coordinator signs in at the ministry's provider", () => {
  const { journey } = product("demo", ...flags);
  after(() => provider.stop());

  journey("by an invitation, and out of both", async ({ visit, signIn }) => {
    const admin = await visit({ language: "zh-CN" });
    await signIn(admin, "sysadmin");
    await admin.goto("/desk/accounts/coordinator-js");
    await look(admin);
    await press(admin, "form[action$='/sign-on/invitation'] button");
    const invitation = await admin.locator("#sign-on .code").innerText();
    await look(admin);

    const page = await visit({ device: "phone", script: false, language: "zh-CN" });
    allowLeavingFor(page, provider);
    page.allow(/^answer 403: GET .*\/sign-in\/return/);
    await page.goto("/sign-in");
    await look(page);
    await press(page, "a[href^='/sign-in/provider']");
    await signInAtProvider(page, provider, "u-18");
    assert.match(await page.innerText("main"), /没有关联可以使用的账号/);
    await look(page);

    await page.context().clearCookies();
    await page.goto(invitation);
    await signInAtProvider(page, provider, "u-18");
    assert.equal(new URL(page.url()).pathname, "/desk");
    await look(page);

    await page.locator("details.more summary").click();
    await press(page, "form[action^='/sign-out'] button");
    assert.match(await page.innerText("main"), /可能还没有退出/);
    await look(page);
    await press(page, "a[href^='/sign-in/provider/end']");
    assert.ok(page.url().startsWith(provider.url), "the provider asks whether to end the session there");
    await press(page, "button[name=logout]");
    await page.waitForURL((url) => url.pathname === "/sign-in");

    await admin.goto("/desk/accounts/coordinator-js");
    assert.match(await admin.innerText("#sign-on"), /已关联/);
    await look(admin);
  });
});
