// Every page for everybody, in the views of views.mjs: sound for axe, never scrolled sideways, never longer than six screens of a
// phone, or twelve in the largest type (fourteen in English); Chinese words on English pages say their language.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { product } from "./support.mjs";
import { VIEWS, nameOf, refuseForgottenPages, refuseUnsoundPages, visitIn } from "./views.mjs";

const PAGES = [
  "/", "/campaigns", "/campaigns/s1", "/campaigns/s3", "/campaigns/s3/ballot", "/campaigns/s1/results", "/campaigns/s2/results", "/campaigns/s3/results",
  "/campaigns/s1/results/provinces", "/campaigns/s1/results/provinces?place=320000", "/issues", "/issues/S1-03", "/issues/S2-20", "/issues/S1-03/provinces/320000",
  "/provinces", "/provinces/320000", "/provinces/320000?campaign=s1&state=verified", "/provinces/710000",
  "/dashboard", "/dashboard?campaign=s1&as_of=2018-06-22", "/dashboard?campaign=s1,s2", "/dashboard/matrix", "/dashboard/matrix?campaign=s1",
  "/dashboard/matrix?campaign=s1,s2", "/dashboard/matrix?campaign=s1&rows=provinces", "/dashboard/issues", "/dashboard/issues?campaign=s1,s2",
  "/dashboard/provinces", "/dashboard/provinces?campaign=s1,s2", "/dashboard/teams", "/dashboard/teams?campaign=s1,s2", "/dashboard/trend",
  "/dashboard/trend?campaign=s1,s2", "/dashboard/assignments?campaign=s1", "/dashboard/assignments?campaign=s1,s2",
  "/embed/dashboard?campaign=s1", "/embed/issues/S1-03", "/embed/provinces/320000", "/embed/trend?campaign=s2",
  "/search", "/search?q=%E6%B1%9F%E8%8B%8F%20%E8%BA%AB%E4%BB%BD%E8%AF%81", "/search?q=%E8%AF%81", "/definitions", "/verify", "/log/", "/log/s1/", "/receipts", "/incidents",
  "/about", "/accessibility", "/privacy", "/terms", "/api/docs", "/sign-in", "/no-such-page",
];
const ELSEWHERE = {
  "/api/docs/": "the same page as /api/docs",
  "/api/explorer": "a page of others, for trying calls; /api/docs says the same",
  "/campaigns/:slug/ballot/proven": "after an act: citizen_votes_under_real_name_by_provider",
  "/identity/return": "moves on: citizen_votes_under_real_name_by_provider",
  "/invitations/:token": "after an act: staff_proves_who_they_are",
  "/receipts/:number": "after an act: citizen_votes",
  "/receipts/:number/promise": "a file",
  "/receipts/:number/proof": "a file",
  "/manifest.webmanifest": "a file",
  "/sitemap.xml": "a file",
  "/sign-in/code": "after an act: staff_proves_who_they_are",
  "/sign-in/enrolment": "after an act: staff_proves_who_they_are",
  "/sign-in/provider": "moves on: staff_signs_in_by_provider",
  "/sign-in/provider/end": "moves on: staff_signs_in_by_provider",
  "/sign-in/return": "moves on: staff_signs_in_by_provider",
};
const LONG = 600_000;

describe("Every page is sound", () => {
  const { journey } = product();

  for (const view of VIEWS) {
    journey(nameOf(view), async ({ visit, site }) => {
      const page = await visitIn(view, visit, site);
      page.allow(/^answer 404: GET .*\/no-such-page/);
      await refuseUnsoundPages(page, view, PAGES);
    }, LONG);
  }

  journey("the guide of the API is folded, and an address within it opens what it names", async ({ visit }) => {
    const page = await visit({ script: false });
    for (const name of ["Problem", "staff-identity"]) {
      await page.goto("/api/docs");
      assert.equal(await page.locator(`#${name}`).isVisible(), false);
      await page.goto(`/api/docs#${name}`);
      await page.locator(`#${name}`).waitFor();
    }
  });

  it("and none is forgotten", () => refuseForgottenPages(PAGES, ELSEWHERE, (path) => !path.startsWith("/desk")));
});
