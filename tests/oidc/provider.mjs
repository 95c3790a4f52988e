// A real OpenID provider on this machine, with accounts that prove themselves by choosing a name.
//
//     node provider.mjs '{"kind": "citizens", "site": "https://shudu.test"}'
//
// prints its address. It serves one client, `shudu`, whose secret is `SECRET`. Citizens' claims come from the address for
// claims, staff's stand in the token. Started as a module: `await startProvider({ kind, site, host })`.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

export const SECRET = "a secret of the tests, long enough for any algorithm";

const ACCOUNTS = {
  citizens: {
    wang: { id_number: "11010519491231002X", id_type: "resident" },
    li: { id_number: "440524188001010014", id_type: "resident" },
    smith: { id_number: "E12345678", id_type: "passport" },
  },
  staff: {
    "u-17": { groups: ["shudu/organiser", "canteen"], amr: ["pwd", "otp"] },
    "u-18": { groups: ["shudu/coordinator/320000"], amr: ["pwd", "hwk"] },
    "u-19": { groups: ["shudu/organiser"], amr: ["pwd"] },
  },
};

const REDIRECTS = { citizens: "/identity/return", staff: "/sign-in/return" };

/** Starts it on a free port; `groups` of staff can be changed while it runs. */
export async function startProvider({ kind, site, host = "127.0.0.1" }) {
  const accounts = structuredClone(ACCOUNTS[kind]);
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://${host}:${server.address().port}`;

  const provider = new Provider(url, {
    clients: [
      {
        client_id: "shudu",
        client_secret: SECRET,
        redirect_uris: [site + REDIRECTS[kind]],
        post_logout_redirect_uris: [`${site}/sign-in`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub", "amr"], identity: ["id_number", "id_type"], groups: ["groups"] },
    conformIdTokenClaims: kind === "citizens",
    cookies: { keys: ["tests only"] },
    features: {
      devInteractions: { enabled: false },
      // Its own page asks other sites for its looks.
      rpInitiatedLogout: {
        logoutSource(context, form) {
          context.body = `<!doctype html><title>Identity</title><meta name="viewport" content="width=device-width">
            <link rel="icon" href="data:,"><h1>Sign out here too?</h1>${form}
            <button form="op.logoutForm" name="logout" value="yes">yes</button>`;
        },
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) =>
      accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    // The site is no stranger here: nobody is asked whether it may learn what it asks for.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope("openid identity groups");
      await grant.save();
      return grant;
    },
  });

  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/interaction/")) {
      interact(provider, accounts, request, response).catch((error) => response.writeHead(400).end(String(error)));
    } else {
      answer(request, response);
    }
  });
  return { url, accounts, stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))) };
}

async function interact(provider, accounts, request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    const buttons = Object.keys(accounts).map((id) => `<button name="who" value="${id}">${id}</button>`);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><title>Identity</title><meta name="viewport" content="width=device-width">
       <link rel="icon" href="data:,"><h1>Who are you?</h1>
       <form method="post" action="/interaction/${uid}">${buttons.join(" ")} <button name="who" value="">cancel</button></form>`,
    );
    return;
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const who = new URLSearchParams(body).get("who");
  const result = who
    ? { login: { accountId: who, amr: accounts[who]?.amr, remember: false } }
    : { error: "access_denied", error_description: "cancelled" };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

if (process.argv[1] === import.meta.filename) {
  // Whoever started it reads the address and nothing after it.
  console.info = console.warn = () => {};
  const { url } = await startProvider(JSON.parse(process.argv[2]));
  console.log(url);
  process.stdin.resume().on("end", () => process.exit()); // ends with whoever started it
}
