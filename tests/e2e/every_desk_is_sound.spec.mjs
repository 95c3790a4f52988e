// Every desk, in the views of views.mjs and the hands of its owners: sound for axe, never scrolled sideways, never longer than six
// screens of a phone, or twelve in the largest type (fourteen in English); Chinese words on English pages say their language.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { press, product } from "./support.mjs";
import { VIEWS, nameOf, refuseForgottenPages, refuseUnsoundPages, visitIn } from "./views.mjs";

const DESKS = {
  organiser: [
    "/desk", "/desk/campaigns", "/desk/campaigns/new", "/desk/campaigns/new?from=s2", "/desk/campaigns/s3", "/desk/campaigns/s3/preview",
    "/desk/campaigns/s3/suspension", "/desk/campaigns/s2/tally", "/desk/campaigns/s2/invalidations", "/desk/campaigns/s2/dispatch",
    "/desk/campaigns/s9", "/desk/campaigns/s9/rules", "/desk/campaigns/s9/options", "/desk/campaigns/s9/preview",
    "/desk/rulings", "/desk/assignments", "/desk/account/devices", "/desk/account/second-factor", "/desk/confirmation",
  ],
  "approver-1": ["/desk", "/desk/campaigns/s3", "/desk/incidents"],
  "coordinator-js": [
    "/desk", "/desk/assignments", "/desk/assignments/S1-03/320000", "/desk/assignments/S1-04/320000/report", "/desk/assignments/S1-12/320000/plan",
    "/desk/assignments/S1-12/320000/exemption-request", "/desk/delegations",
  ],
  "leader-t3": ["/desk", "/desk/assignments", "/desk/assignments/S1-01/320000/verification", "/desk/assignments/S1-01/320000/rejection"],
  sysadmin: ["/desk", "/desk/accounts", "/desk/accounts/new", "/desk/accounts/organiser", "/desk/calendar", "/desk/password"],
  auditor: ["/desk", "/desk/campaigns/s1", "/desk/assignments", "/desk/audit", "/desk/audit/10", "/desk/retention"],
};
// The draft that the first journey copies: the demo programme has none.
const DRAFT = { slug: "s9", name_zh: "第九季", name_en: "Season 9", opens_on: "2018-09-01", opens_time: "09:30", closes_on: "2018-09-20", closes_time: "18:30", deadline_on: "2019-03-29" };
const MOVE = "a form of a move, as the others of templates/dispatch/move.html";
const CHECK = "a final check, as the others of templates/sign_in/final_check.html: pain_point_is_fixed";
const ELSEWHERE = {
  "/desk/account/second-factor/totp/code": "after an act: staff_proves_who_they_are",
  "/desk/assignments/:issue/:province/acknowledgement": "after an act: pain_point_is_fixed",
  "/desk/assignments/:issue/:province/evidence/:sha256": "a file",
  "/desk/assignments/:issue/:province/exemption": MOVE,
  "/desk/assignments/:issue/:province/exemption-refusal": MOVE,
  "/desk/assignments/:issue/:province/relapse": MOVE,
  "/desk/assignments/:issue/:province/return": MOVE,
  "/desk/assignments/:issue/:province/ruling": MOVE,
  "/desk/assignments/:issue/:province/sending-back": "after an act: pain_point_is_fixed",
  "/desk/assignments/:issue/:province/signature": "after an act: pain_point_is_fixed",
  "/desk/assignments/:issue/:province/withdrawal": "after an act: pain_point_is_fixed",
  "/desk/campaigns/:slug/cancellation": CHECK,
  "/desk/campaigns/:slug/dispatch/approval": CHECK,
  "/desk/campaigns/:slug/halt-confirmation": CHECK,
  "/desk/campaigns/:slug/halt-request": CHECK,
  "/desk/campaigns/:slug/invalidations/:number/approval": CHECK,
  "/desk/campaigns/:slug/publication": CHECK,
  "/desk/campaigns/:slug/resumption": CHECK,
  "/desk/campaigns/:slug/selection/approval": CHECK,
  "/desk/campaigns/:slug/sending-back": CHECK,
  "/desk/campaigns/:slug/submission": CHECK,
  "/desk/preferences": "moves on, with what was typed: nothing_ticked_or_typed_is_lost",
};
const LONG = 600_000;

describe("Every desk is sound", () => {
  const { journey } = product();

  journey("with a draft among the campaigns", async ({ visit, signIn }) => {
    const page = await visit();
    await signIn(page, "organiser");
    await page.goto("/desk/campaigns/new?from=s2");
    for (const [field, value] of Object.entries(DRAFT)) await page.locator(`#${field}`).fill(value);
    await page.locator("#options").check();
    await press(page, "main form .actions button:not([name])");
    assert.equal(new URL(page.url()).pathname, "/desk/campaigns/s9", await page.innerText("main"));
  });

  for (const [who, desks] of Object.entries(DESKS)) {
    for (const view of VIEWS) {
      journey(`${who}: ${nameOf(view)}`, async ({ visit, signIn, site }) => {
        const page = await visitIn(view, visit, site);
        await signIn(page, who);
        await refuseUnsoundPages(page, view, desks);
      }, LONG);
    }
  }

  it("and none is forgotten", () => refuseForgottenPages(Object.values(DESKS).flat(), ELSEWHERE, (path) => path.startsWith("/desk")));
});
