// A citizen on a phone without script, who proves at an identity provider who they are and comes back to the ballot.

import assert from "node:assert/strict";
import { after, describe } from "node:test";
import { allowLeavingFor, provided, signInAtProvider } from "./provider.mjs";
import { RECEIPT, look, press, product } from "./support.mjs";

const { provider, flags } = await provided(
  "citizens",
  ({ issuer, secret }) => `
[identity_source]
number_claim = "id_number"
kind_claim = "id_type"
kinds = ["resident"]
[identity_source.provider]
issuer = "${issuer}"
client_id = "shudu"
secret_file = "${secret}"
name_zh = "国家网络身份认证"
name_en = "National network identity"
scopes = ["identity"]
`,
);

describe("A citizen votes under the real name that a provider vouches for", () => {
  const { journey } = product("demo", ...flags);
  after(() => provider.stop());

  journey("and keeps what was ticked on the way there and back", async ({ visit }) => {
    const page = await visit({ device: "phone", script: false, language: "zh-CN" });
    allowLeavingFor(page, provider);
    page.allow(/^answer 409: GET .*\/identity\/return/);

    await walkToLeave(page, ["S3-01", "S3-04"]);
    await look(page);
    await press(page, `main a[href^="${provider.url}"]`);
    await signInAtProvider(page, provider, "");
    assert.match(await page.innerText("main"), /核验被取消或没有通过/);
    assert.match(await page.innerText("main"), /您选了2项/, "what was ticked is still there");
    await look(page);

    await page.locator("input[name=track][value=real_name]").check();
    await press(page, "button[name=act][value=cast]");
    await press(page, `main a[href^="${provider.url}"]`);
    await signInAtProvider(page, provider, "wang");
    assert.equal(new URL(page.url()).pathname, "/campaigns/s3/ballot/proven");
    assert.equal(new URL(page.url()).search, "", "no code stays in the address");
    assert.match(await page.innerText("main"), /身份已核验/);
    await look(page);
    await page.reload();
    await press(page, "button[name=act][value=cast]");
    assert.match(new URL(page.url()).pathname, RECEIPT);
    await look(page);
    assert.deepEqual(await page.context().cookies(page.url()), [], "nothing stays in the browser");
    await page.goto("/privacy");
    await look(page);
  });

  journey("once: the same person gets the same pass, in English too", async ({ visit }) => {
    const page = await visit({ device: "phone", script: false, language: "en" });
    allowLeavingFor(page, provider);
    page.allow(/^answer 409: POST .*\/ballot/);
    await walkToLeave(page, ["S3-02"]);
    await look(page);
    await press(page, `main a[href^="${provider.url}"]`);
    await signInAtProvider(page, provider, "wang");
    assert.match(await page.innerText("main"), /Your identity is proven/);
    await press(page, "button[name=act][value=cast]");
    assert.match(await page.innerText("main"), /Already voted/);
    await look(page);
  });
});

async function walkToLeave(page, codes) {
  await page.goto("/campaigns/s3/ballot?o=17&step=options&my-place=320000");
  for (const code of codes) await page.locator(`input[name=choice][value="${code}"]`).check();
  await press(page, ".ballot-bar button");
  await page.locator("input[name=track][value=real_name]").check();
  await press(page, "button[name=act][value=cast]");
}
