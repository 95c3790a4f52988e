// Text stays text: payloads go into every field that ends up on a page, and every page that shows them is opened in a real
// browser, with and without the content policy, so that escaping is tried by itself. A few in every run; 5,000 with
// SHUDU_PROOF=full (`scripts/prove xss`).

import assert from "node:assert/strict";
import { describe } from "node:test";
import { packed, payloads, short } from "./hostile.mjs";
import { press, product } from "./support.mjs";

const FULL = process.env.SHUDU_PROOF === "full";
const COUNT = FULL ? 5_000 : 60;
const PROVINCE = "320000";
const EVERYBODY = ["handler", "coordinator", "team_leader", "organiser", "sysadmin", "auditor"];
const SOME = { false: ["handler"], true: ["team_leader", "organiser", "sysadmin"] };
const HEADER =
  "code,ballot_no,title_zh,title_en,short_zh,short_en,theme_zh,theme_en,domain,lead_department,co_departments,root_cause,remedies,affected,proposed_by";

/** Speaks to the API as one account. */
async function api(site, who) {
  const { login, password } = await site.account(who);
  const headers = { "content-type": "application/json", "accept-language": "en" };
  const call = async (method, path, body, media) => {
    const answer = await fetch(`${site.url}/api/v1${path}`, {
      method,
      headers: media ? { ...headers, "content-type": media } : headers,
      body: media ? body : body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 400)}`);
    return JSON.parse(text || "null");
  };
  headers.authorization = `Bearer ${(await call("POST", "/sessions", { login, password })).token}`;
  return call;
}

/** Everything that can be said of a row, said in payloads; counts what was placed. */
class Filling {
  placed = 0;
  #files = 0;

  constructor(site, list) {
    this.site = site;
    this.texts = packed(list, 2000);
    this.names = short(110, list.length);
    this.each = list.length / this.texts.length;
  }

  text(n) {
    this.placed += Math.ceil(this.each);
    return this.texts[n % this.texts.length];
  }

  async people() {
    const [handler, coordinator, leader, organiser, approver, sysadmin] = await Promise.all(
      ["handler", "coordinator", "team_leader", "organiser", "approver-1", "sysadmin"].map((who) => api(this.site, who)),
    );
    Object.assign(this, { handler, coordinator, leader, organiser, approver, sysadmin });
  }

  async rows() {
    const found = await this.handler("GET", `/assignments?province=${PROVINCE}&state=in_progress,rework,acknowledged`);
    return found.assignments.map(({ issue, state }) => ({ issue, state, path: `/assignments/${issue}/${PROVINCE}` }));
  }

  async report(row, n) {
    const name = encodeURIComponent(`${this.names[this.#files % this.names.length]}${this.#files}.pdf`);
    const file = `%PDF-1.4 ${this.#files}\n%%EOF\n`;
    this.#files += 1;
    this.placed += 1;
    const { sha256 } = await this.handler("POST", `${row.path}/evidence?name=${name}`, file, "application/octet-stream");
    await this.handler("POST", `${row.path}/report`, {
      before: this.text(n), after: this.text(n + 1), effective_on: "2018-06-01", covered: 9, coverable: 9, evidence: [sha256],
    });
  }

  /** Once round: plan, report and withdrawal, report and sending back, signature and rejection. */
  async round(row, n) {
    const terms = { root_cause: "queueing", remedy: "mobile" };
    if (row.state === "acknowledged") {
      const milestones = this.names.slice(0, 20).map((text) => ({ day: "2018-08-01", text }));
      this.placed += milestones.length;
      await this.handler("POST", `${row.path}/plan`, { ...terms, description: this.text(n), milestones });
      row.state = "in_progress";
    }
    await this.report(row, n);
    await this.handler("POST", `${row.path}/withdrawal`, { reason: this.text(n) });
    await this.report(row, n + 2);
    await this.coordinator("POST", `${row.path}/sending-back`, { reason: this.text(n) });
    await this.report(row, n + 4);
    await this.coordinator("POST", `${row.path}/signature`, {});
    await this.leader("POST", `${row.path}/rejection`, { findings: this.text(n), test: this.text(n + 1) });
  }

  /** A campaign whose options came as a table, published. */
  async campaign(list) {
    const [zh, en] = [short(40, 9), short(80, 9)];
    await this.organiser("POST", "/campaigns", {
      slug: "hostile", name_zh: zh[0], name_en: en[4], purpose_zh: zh[3], purpose_en: en[7], hosts: ["NDRC"],
      opens_on: "2018-07-20", closes_on: "2018-08-20", max_choices: 2, top_n: 2, tracks: ["anonymous"], display: "turnout",
      units: [PROVINCE], deadline_days: 30, acknowledge_days: 1,
    });
    const cell = (text) => `"${text.replaceAll('"', '""').replaceAll(/\s+/g, " ")}"`;
    const long = list.filter((text) => text.length <= 78).slice(0, FULL ? 400 : 20);
    const theme = short(8, long.length);
    const lines = long.map((text, n) =>
      [`H1-${n + 1}`, n + 1, cell(text), cell(`${text} ${text}`.slice(0, 190)), cell(`<i>"'${n}`), cell(`<svg/onload=__hit()>${n}`), cell(theme[n]), cell(theme[n]),
        "registration", "NDRC", "", "process_too_long", "one_window", "citizen", "citizen"].join(","),
    );
    const csv = [HEADER, ...lines].join("\n");
    const { revision } = await this.organiser("GET", "/campaigns/hostile");
    await this.organiser("PUT", "/campaigns/hostile/options", { revision: revision ?? 1, csv });
    await this.organiser("POST", "/campaigns/hostile/submission", {});
    await this.approver("POST", "/campaigns/hostile/publication", {});
    this.placed += 4 + 6 * long.length;
  }

  /** Accounts, in the texts that are short. */
  async accounts() {
    const names = short(40, FULL ? 19 : 6);
    for (const [n, name] of names.entries()) {
      await this.sysadmin("POST", "/accounts", {
        login: `hostile-${n}`, name, office: name, password: "correct horse battery staple 7",
        roles: [{ role: "handler", scope: PROVINCE }],
      });
      this.placed += 2;
    }
  }
}

/** What a page must not hold: elements and attributes that only a payload could have made. */
function traces() {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || /^\s*javascript:/i.test(value)) found.push(`${element.localName} ${name}=${value}`);
    }
    const { localName } = element;
    if (["iframe", "object", "embed", "base", "marquee", "video", "audio", "math", "animate"].includes(localName)) found.push(localName);
    if (localName === "script" && !element.getAttribute("src")?.startsWith("/assets/")) found.push("script");
    if (localName === "meta" && element.httpEquiv === "refresh") found.push("meta refresh");
  }
  return found;
}

/** Follows a page: whatever calls `__hit`, opens a dialog or breaks the policy is written down. */
async function listen(page, hits) {
  await page.exposeFunction("__told", (what) => hits.push(what));
  await page.addInitScript(() => {
    window.__hit = () => window.__told(`hit at ${location.pathname}`);
    document.addEventListener("securitypolicyviolation", (e) =>
      window.__told(`policy: ${e.violatedDirective} ${e.blockedURI} at ${location.pathname}`),
    );
  });
  page.on("dialog", async (dialog) => {
    hits.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
}

/** An address with what differs between pages of one kind taken out. */
function kind(path) {
  return path.split(/[?#]/)[0].replace(/S\d-\d+|H\d+-\d+|\d{6}|[0-9a-f]{64}|[0-9a-f]{32}|hostile-\d+|[a-z]+-(js|t\d|\d)\b/g, "*");
}

/** Opens pages, and of what they lead to so many of a kind. */
async function crawl(page, starts, most) {
  const left = [...starts];
  const kinds = new Map();
  const seen = new Set();
  while (left.length > 0) {
    const path = left.shift();
    const of = kind(path);
    if (seen.has(path) || (!starts.includes(path) && (kinds.get(of) ?? 0) >= most)) continue;
    seen.add(path);
    kinds.set(of, (kinds.get(of) ?? 0) + 1);
    try {
      await page.goto(path, { waitUntil: "load" });
    } catch (error) {
      if (/Download is starting/.test(error.message)) continue;
      throw error;
    }
    const found = await page.evaluate(traces);
    assert.deepEqual(found, [], `${path} holds what only a payload makes`);
    const links = await page.evaluate(() => [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")));
    left.push(
      ...links.filter((href) => /^\/(?!\/)/.test(href) && !/\.csv|\/log\/|\/api\/|\/evidence\/|sign-out/.test(href)),
    );
  }
  return [...kinds.keys()];
}

/** Whether the hook hears what acts, and the look over a page sees what only a payload makes. */
async function hears(page) {
  const heard = [];
  await listen(page, heard);
  page.allow(/.*/);
  await page.goto("/privacy");
  await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", "<img src=/healthz onerror=__hit()>"));
  for (let n = 0; n < 50 && heard.length === 0; n += 1) await page.waitForTimeout(100);
  assert.ok(heard.length > 0, "what acts is heard");
  assert.ok((await page.evaluate(traces)).length > 0, "what a payload makes is seen");
}

describe("Text stays text", () => {
  // At full size more is filed than limits let one account file in an hour.
  const { journey } = product("demo", ...(FULL ? ["--limits", "off"] : []));

  journey("payloads in every field, on every page, do nothing", async ({ site, visit, signIn }) => {
    const list = payloads(COUNT);
    const filling = new Filling(site, list);
    await filling.people();
    const rows = (await filling.rows()).slice(0, 10);
    assert.ok(rows.length > 0, "the demo has rows that are being worked on");
    await filling.accounts();
    await filling.campaign(list);
    for (let n = 0; n < filling.texts.length; n += 1) await filling.round(rows[n % rows.length], n);

    const hits = [];
    const kinds = new Set();
    await hears(await visit({ bypassCSP: true }));
    const filled = rows.slice(0, filling.texts.length);
    const own = filled.flatMap(({ issue }) => [`/desk/assignments/${issue}/${PROVINCE}`, `/issues/${issue}/provinces/${PROVINCE}`]);
    for (const bypassCSP of [false, true]) {
      for (const who of FULL ? EVERYBODY : SOME[bypassCSP]) {
        const page = await visit({ bypassCSP, language: who === "auditor" ? "en" : "zh-CN" });
        await listen(page, hits);
        page.allow(/^answer (403|404|409|422)/);
        await signIn(page, who);
        const starts = [...own, "/desk", "/desk/accounts", "/desk/campaigns", "/dashboard", "/", "/campaigns/hostile", "/desk/campaigns/hostile",
          "/desk/campaigns/hostile/preview", "/campaigns/hostile/ballot"];
        for (const found of await crawl(page, starts, FULL ? 10 : 1)) kinds.add(found);
        if (who === "handler") await echo(page, rows[0], list);
      }
      const anybody = await visit({ bypassCSP });
      await listen(anybody, hits);
      anybody.allow(/^answer (400|403|404|422)/);
      await reflect(anybody, list);
    }
    assert.deepEqual(hits, [], "something acted or broke the policy");
    for (const view of ["/desk/assignments/*/*", "/issues/*/provinces/*", "/desk/accounts", "/desk/accounts/*", "/campaigns/hostile", "/desk/campaigns/hostile/preview"]) {
      assert.ok(kinds.has(view), `${view} was among ${[...kinds].sort().join(" ")}`);
    }
    console.log(`PROOF | text that wants to be a page, in every field of rows, files, accounts, campaigns and options, does nothing on any page that shows it | ${filling.placed} | ${hits.length}`);
    console.log(`FIGURE | kinds of pages opened over hostile text, with and without content policy: ${kinds.size}`);
  }, FULL ? 7_200_000 : 300_000);
});

/** A form that is refused shows what was typed. */
async function echo(page, row, list) {
  await page.goto(`/desk/assignments/${row.issue}/${PROVINCE}/report`);
  const text = packed(list, 1900)[0];
  await page.locator("#before").fill(text);
  await page.locator("#after").fill(text);
  await press(page, "main form .actions button:not([name])");
  assert.equal((await page.locator("#before").inputValue()).replaceAll("\r", ""), text.replaceAll("\r", ""));
  assert.deepEqual(await page.evaluate(traces), []);
}

/** Addresses that say something of themselves. */
async function reflect(page, list) {
  const paths = ["/dashboard?campaign=", "/dashboard?as_of=", "/dashboard?sort=", "/campaigns/s3/ballot?o=", "/receipts?number=", "/receipts/", "/sign-in?next=", "/issues/", "/?lang=", "/campaigns/", "/dashboard?state="];
  const step = Math.max(1, Math.floor(list.length / (FULL ? 40 : 4)));
  for (const path of paths) {
    for (let n = 0; n < list.length; n += step) {
      await page.goto(`${path}${encodeURIComponent(list[n])}`, { waitUntil: "load" });
      assert.deepEqual(await page.evaluate(traces), [], `${path}${list[n]}`);
    }
  }
}
