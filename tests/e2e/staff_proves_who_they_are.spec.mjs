// A new member of staff on a phone: invited by an administrator, chooses a password, enrols a passkey, signs out and in with
// it, and signs another device out. Passkeys belong to a host name, so these visitors come to `localhost`.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { look, press, product } from "./support.mjs";

const PASSWORD = "snow on the old bridge";

/** A device whose screen lock answers for it. */
async function withPasskeys(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

describe("A member of staff proves who they are", () => {
  const { journey } = product("demo", "--named", "--second-factor", "required");

  journey("invited, with a passkey, on a phone", async ({ site, visit }) => {
    const home = { device: "phone" };

    // The administrator's first sign-in leads to the enrolment of a second factor, too.
    const admin = await visit(home);
    await withPasskeys(admin);
    const { login, password } = await site.account("sysadmin");
    await admin.goto("/sign-in");
    await admin.locator("[name=login]").fill(login);
    await admin.locator("[name=password]").fill(password);
    await press(admin, "form:has([name=password]) button");
    assert.equal(new URL(admin.url()).pathname, "/sign-in/enrolment");
    await look(admin);
    await press(admin, "[data-passkey-press]");
    assert.equal(await admin.locator("ol.codes li").count(), 10);
    await look(admin);
    await press(admin, "main .actions a");
    assert.equal(new URL(admin.url()).pathname, "/desk");
    await admin.goto("/desk/accounts/new");
    await admin.locator("#login").fill("zhao.min");
    await admin.locator("#name").fill("赵敏");
    await admin.locator("#office").fill("江苏省数据局");
    await press(admin, "main form .actions button");
    const link = await admin.innerText("#link");
    assert.match(link, /\/invitations\/[\w-]{43}$/);
    await look(admin);

    const page = await visit(home);
    await withPasskeys(page);
    await page.goto(new URL(link).pathname);
    assert.match(await page.innerText("main"), /赵敏/);
    await look(page);
    page.allow(/^answer 422: POST .*\/invitations\//);
    await page.locator("#new").fill("password1234");
    await page.locator("#again").fill("password1234");
    await press(page, "main form .actions button");
    assert.match(await page.innerText("[data-errors]"), /太好猜/);
    await page.locator("#new").fill(PASSWORD);
    await page.locator("#again").fill(PASSWORD);
    await press(page, "main form .actions button");
    assert.equal(new URL(page.url()).pathname, "/sign-in/enrolment");
    await press(page, "[data-passkey-press]");
    assert.match(await page.innerText("h1"), /备用码/);
    const codes = await page.locator("ol.codes li").allInnerTexts();
    await press(page, "main .actions a");
    assert.match(await page.innerText("main"), /赵敏/);

    // Out and in again: password, then passkey.
    await page.goto("/desk/account/second-factor");
    await look(page);
    await page.locator("details.more summary").click();
    await press(page, "form[action^='/sign-out'] button");
    await page.locator("[name=login]").fill("zhao.min");
    await page.locator("[name=password]").fill(PASSWORD);
    await press(page, "form:has([name=password]) button");
    assert.equal(new URL(page.url()).pathname, "/sign-in/code");
    await look(page);
    await press(page, "[data-passkey-press]");
    assert.equal(new URL(page.url()).pathname, "/desk");

    // Another device without script and without the passkey: a recovery code.
    const other = await visit({ ...home, script: false });
    await other.goto("/sign-in?next=/desk/account/devices");
    await other.locator("[name=login]").fill("zhao.min");
    await other.locator("[name=password]").fill(PASSWORD);
    await press(other, "form:has([name=password]) button");
    await look(other);
    await other.locator("#code").fill(codes[0].toUpperCase());
    await press(other, "main form .actions button[type=submit]:not([data-passkey-press])");
    assert.equal(new URL(other.url()).pathname, "/desk/account/devices");

    await page.goto("/desk/account/devices");
    assert.match(await page.innerText("main"), /这台设备/);
    await look(page);
    await press(page, "form[action$='/devices/revocation'] button");
    assert.match(await page.innerText("main"), /其他设备都已退出/);
    await other.goto("/desk/account/devices");
    assert.equal(new URL(other.url()).pathname, "/sign-in");

    await page.goto("/desk/confirmation");
    await look(page);
    await press(page, "[data-passkey-press]");
    assert.equal(new URL(page.url()).pathname, "/desk");
  });

  journey("warned before the session ends by itself", async ({ site, visit }) => {
    const page = await visit({ device: "phone" });
    await withPasskeys(page);
    const { login, password } = await site.account("auditor");
    await page.clock.install();
    await page.goto("/sign-in");
    await page.locator("[name=login]").fill(login);
    await page.locator("[name=password]").fill(password);
    await press(page, "form:has([name=password]) button");
    await press(page, "[data-passkey-press]");
    await press(page, "main .actions a");
    await page.goto("/desk/password");
    const notice = page.locator("[data-ends]");
    assert.equal(await notice.isVisible(), false);
    await page.clock.fastForward(28 * 60_000 + 5_000);
    await notice.waitFor({ state: "visible" });
    assert.match(await notice.innerText(), /2分钟后会自动退出/);
    await look(page);
    await notice.locator("button").click();
    await notice.waitFor({ state: "hidden" });
  });
});
