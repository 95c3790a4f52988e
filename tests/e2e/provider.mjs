// A site that asks an OpenID provider, both on this machine: settings, and what journeys to the provider have in common.

import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET, startProvider } from "../oidc/provider.mjs";
import { press } from "./support.mjs";

/**
 * Starts a provider for `citizens` or `staff` and writes settings that name it. Gives the flags for the product. The provider
 * is at another host than the site, so that cookies cross from site to site as they do outside.
 */
export async function provided(kind, settings) {
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const provider = await startProvider({ kind, site, host: "127.0.0.1" });
  const folder = await mkdtemp(join(tmpdir(), "shudu-provider-"));
  const secret = join(folder, "secret");
  await writeFile(secret, SECRET);
  const config = join(folder, "shudu.toml");
  await writeFile(config, `address = "${site}"\n${settings({ issuer: provider.url, secret })}`);
  return { provider, flags: ["--config", config, "--listen", `127.0.0.1:${port}`, "--named"] };
}

/** Lets a page leave for the provider, which is what it is meant to do. */
export function allowLeavingFor(page, provider) {
  page.allow(new RegExp(`^left the site: \\w+ ${provider.url}/`));
}

/** Says at the provider who one is, and comes back. */
export async function signInAtProvider(page, provider, who) {
  await page.waitForURL(`${provider.url}/**`);
  await press(page, `button[value="${who}"]`);
  await page.waitForURL((url) => url.origin !== provider.url);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
