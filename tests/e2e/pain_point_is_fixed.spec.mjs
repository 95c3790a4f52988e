// One campaign from an empty form to a verified fix, through every desk it passes, on one product whose clock is moved from
// day to day: an organiser drafts, an approver publishes, a citizen votes, the ballots are counted, two approvers sign, the
// pain points are dispatched, a province fixes one, a supervision team checks it, and everybody can read it.
//
// The journeys build on each other: each begins where the one before it ended.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { look, press, product } from "./support.mjs";

const HEADER =
  "code,ballot_no,title_zh,title_en,short_zh,short_en,theme_zh,theme_en,domain,lead_department,co_departments,root_cause,remedies,affected,proposed_by";
const OPTIONS = [
  "S4-01,1,过户二手房要跑三个窗口,Selling a flat takes three counters,过户跑三窗,Three counters for a flat,房产,Housing,registration,NDRC,,process_too_long,one_window process_merge,citizen,frontline_clerk",
  "S4-02,2,更名以后每张证都要自己换,A new name means changing every card oneself,更名逐证更换,New name on every card,证件,Papers,identity,NDRC,,repeat_materials,data_sharing,citizen,citizen",
  "S4-03,3,查一份档案要本人到场,A file can only be seen in person,查档要到场,Files seen in person,证件,Papers,identity,NDRC,,no_online_channel,online_full,citizen,citizen",
  "S4-04,4,租房备案不能在线办,A tenancy cannot be registered online,租房备案不能在线,Tenancy not online,房产,Housing,registration,NDRC,,no_online_channel,online_full,citizen,citizen",
];
const MISTAKE = OPTIONS.join("\n").replace("no_online_channel", "no_idea");
const PDF = { name: "通知.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") };
const SCREEN = {
  name: "截图.png",
  mimeType: "image/png",
  buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
};
const LETTER = { name: "说明.docx", mimeType: "application/octet-stream", buffer: Buffer.from("PK\u0003\u0004 not a picture") };

const DESK = "/desk/campaigns/s4";
const CLOCK_LIMIT = 60_000; // three looks of the clock
const ROW = "S4-01/320000";

describe("A pain point, from an empty form to a verified fix", () => {
  const { journey: alone } = product();
  let stuck;
  const journey = (name, story) =>
    alone(name, async (given) => {
      if (stuck) throw new Error(`not begun: “${stuck}” did not end`);
      stuck = name;
      await story(given);
      stuck = undefined;
    });

  journey("an organiser drafts a campaign, and mistakes cost nothing", async ({ visit, signIn }) => {
    const page = await visit();
    await signIn(page, "organiser");
    await look(page);
    await page.goto("/desk/campaigns");
    await look(page);
    await press(page, "a[href^='/desk/campaigns/new']");
    await look(page);

    const rules = {
      slug: "s4", name_zh: "第四季：房产与证件", name_en: "Season 4: housing and papers",
      purpose_zh: "选出房产和证件上最让人头疼的事，交各省限期解决。", purpose_en: "We look for what troubles people most about housing and papers.",
      opens_on: "2018-07-09", closes_on: "2018-07-08", max_choices: "2", top_n: "3", acknowledge_days: "1", deadline_days: "30",
    };
    for (const [field, value] of Object.entries(rules)) await page.locator(`#${field}`).fill(value);
    for (const fold of ["hosts", "units"]) await page.locator(`#${fold} summary`).click();
    for (const name of ["hosts", "tracks"]) await page.locator(`input[name=${name}]`).first().check();
    await page.locator("input[name=tracks][value=real_name]").check();
    await page.locator("input[name=display][value=turnout]").check();
    await page.locator("input[name=deadline][value=days]").check();
    for (const box of await page.locator("input[name=units]").all()) await box.check();

    page.allow(/^answer 422: POST .*\/desk\/campaigns/);
    await press(page, "main form .actions button:not([name])");
    assert.ok(await page.locator("[data-errors] a[href='#closes_on']").isVisible(), await page.innerText("main"));
    assert.equal(await page.locator("#name_zh").inputValue(), rules.name_zh, "what was typed is kept");
    await look(page);
    await page.locator("#opens_on").fill("2018-07-08");
    await press(page, "main form .actions button:not([name])");
    assert.equal(new URL(page.url()).pathname, DESK);

    await page.goto(`${DESK}/options`);
    await look(page);
    await page.locator("#options").fill(`${HEADER}\n${MISTAKE}`);
    await press(page, "button[name=act][value=preview]");
    const refusal = await page.innerText("[data-errors]");
    assert.match(refusal, /第4行.*root_cause.*no_idea/, "named by line and column");
    await look(page);
    const typed = await page.locator("#options").inputValue();
    await page.locator("#options").fill(typed.replace("no_idea", "no_online_channel"));
    await press(page, "button[name=act][value=preview]");
    assert.equal(await page.locator("#rows tbody tr").count(), OPTIONS.length);
    await look(page);
    await press(page, "button[name=act][value=save]");

    await page.goto(`${DESK}/preview`);
    assert.match(await page.innerText("main"), /过户二手房要跑三个窗口/);
    await page.locator("main summary", { hasText: "英文选票" }).click();
    assert.match(await page.innerText("main"), /Selling a flat takes three counters/);
    await look(page);
    await page.goto(DESK);
    await press(page, "#move-submission button");
    assert.match(await page.innerText(".title"), /待批准/);
    await look(page);
  });

  journey("an approver publishes it; its author could not", async ({ visit, signIn }) => {
    const author = await visit();
    await signIn(author, "organiser");
    await author.goto(DESK);
    assert.equal(await author.locator("#move-publication .btn").count(), 0);

    const page = await visit();
    await signIn(page, "approver-1");
    await look(page);
    await press(page, "main a[href^='/desk/campaigns/s4']");
    await look(page);
    await checkAndAct(page, "#move-publication a.btn", /4个题目和全部规则公布并固定[^]*前3项成为堵点，交办到31个省份，共93项任务/);
    assert.match(await page.innerText("main"), /未开始/);

    const anybody = await visit({ device: "phone", language: "en" });
    await anybody.goto("/campaigns/s4");
    assert.match(await anybody.innerText("h1"), /Season 4: housing and papers/);
    await look(anybody);
  });

  journey("a citizen votes on the day, and sees that nobody knows the count yet", async ({ site, visit, signIn }) => {
    await site.days(1);
    const page = await visit({ device: "phone" });
    await page.goto("/campaigns/s4");
    await press(page, "main a[href^='/campaigns/s4/ballot']");
    await page.locator("label[for=place-320000]").click();
    await press(page, ".ballot-bar button");
    await page.locator("#option-S4-01").check();
    await page.locator("#option-S4-03").check();
    await press(page, ".ballot-bar button");
    await page.locator("label:has(input[name=track][value=anonymous])").click();
    await press(page, "button[name=act][value=cast]");
    assert.match(new URL(page.url()).pathname, /^\/receipts\//);

    await page.goto("/campaigns/s4/results");
    assert.match(await page.innerText("main"), /投票期间只公布参与人次/);
    await look(page);
    const organiser = await visit();
    await signIn(organiser, "organiser");
    await organiser.goto(`${DESK}/tally`);
    assert.equal(await organiser.locator(`form[action^='${DESK}/tally']`).count(), 0, "nothing to count while voting is open");
    await look(organiser);
  });

  journey("the ballots are counted by the clock, and two approvers sign what was selected", async ({ site, visit, signIn }) => {
    await site.days(1);
    const organiser = await visit();
    await signIn(organiser, "organiser");
    await openUntil(organiser, `${DESK}/tally`, "#count", /累计数与逐张重数一致/);
    await look(organiser);
    await press(organiser, `form[action^='${DESK}/selection'] button`);
    assert.match(await organiser.innerText("main"), /入选名单已拟定，等两名批准人签字/);
    await look(organiser);

    for (const [login, said] of [["approver-1", /还差一名批准人/], ["approver-2", /名单生效，结果已公布/]]) {
      const page = await visit();
      await signIn(page, login);
      await page.goto(`${DESK}/tally`);
      await checkAndAct(page, `a[href^='${DESK}/selection/approval']`, /前3项成为堵点/);
      assert.match(await page.innerText("main"), said);
      await look(page);
    }
    const anybody = await visit({ device: "phone" });
    await anybody.goto("/campaigns/s4/results");
    assert.match(await anybody.innerText("main"), /S4-01/);
    await look(anybody);
  });

  journey("an approver dispatches it after a dry run", async ({ visit, signIn }) => {
    const page = await visit();
    await signIn(page, "approver-1");
    await page.goto(`${DESK}/dispatch`);
    assert.match(await page.innerText("h1"), /交办试算：93项任务/);
    assert.match(await page.innerText("main"), /3个堵点 × 31个省份 = 93项/);
    await look(page);
    await checkAndAct(page, `a[href^='${DESK}/dispatch/approval']`, /93项任务（3个堵点×31个省份）马上交给31个省份/);
    assert.match(await page.innerText("main"), /已交办93项任务/);
    await look(page);

    await page.goto("/desk/campaigns/s2/dispatch");
    assert.match(await page.innerText("main"), /已交办620项任务/);
    assert.equal(await page.locator("a[href*='/dispatch/approval'], form[action*='/dispatch']").count(), 0, "what is dispatched is shown, not done again");
  });

  journey("Jiangsu's coordinator takes it on, by hand and in bulk", async ({ visit, signIn }) => {
    const page = await visit();
    await signIn(page, "coordinator-js");
    await look(page);
    await page.goto(`/desk/assignments/${ROW}`);
    await look(page);
    await page.goto(`/desk/assignments/${ROW}/acknowledgement`);
    await page.locator("#department").fill("江苏省自然资源厅");
    await look(page);
    await press(page, "main form.stack button[type=submit]");
    assert.match(await page.innerText("main"), /已签收/);

    await page.goto("/desk/assignments?campaign=s4&state=dispatched");
    await look(page);
    const heads = await page.locator("#rows thead th").count();
    assert.equal(await page.locator("#rows tbody tr").first().locator("th, td").count(), heads, "a head for every cell");
    await page.locator("input[data-tick-all=row]").check();
    assert.equal(await page.locator("input[name=row]:checked").count(), 2, "the two that are left");
    await press(page, "button[name=act][value=check]");
    await page.locator("#everywhere").fill("江苏省公安厅");
    await press(page, "button[name=act][value=same]");
    await page.locator("input[name=department]").last().fill("");
    await look(page);
    await press(page, "button[name=act][value=apply]");
    assert.match(await page.innerText("[data-errors]"), /已签收1项；1项没有成功/, "the one that was not taken is named");
    await look(page);
    await page.locator("input[name=department]").last().fill("江苏省住房和城乡建设厅");
    await press(page, "button[name=act][value=apply]");
    assert.match(await page.innerText("main"), /已签收1项/);

    await page.goto(`/desk/assignments/${ROW}/plan`);
    await page.locator("#root_cause").selectOption({ index: 1 });
    await page.locator("#remedy").selectOption({ index: 1 });
    await page.locator("#description").fill("三个窗口并成一个。");
    await page.locator("input[name=day]").first().fill("2018-08-01");
    await page.locator("input[name=text]").first().fill("全省一窗受理");
    await look(page);
    await press(page, "main form.stack button[type=submit]");
    assert.match(await page.innerText("main"), /整改中/);
  });

  journey("a neighbour's coordinator finds nothing there", async ({ site, visit }) => {
    const page = await visit();
    await page.goto("/sign-in");
    const { password } = await site.account("coordinator-js"); // one password for all the demo's people
    await page.locator("[name=login]").fill("coordinator-zj");
    await page.locator("[name=password]").fill(password);
    await press(page, "form:has([name=password]) button");
    assert.match(await page.innerText("main"), /浙江/);
    page.allow(/^answer 404: GET .*\/desk\/assignments\/S4-01\/320000/);
    const answer = await page.goto(`/desk/assignments/${ROW}`);
    assert.equal(answer.status(), 404);
    await look(page);
  });

  journey("its department reports with evidence, and a partial fix is called one", async ({ visit, signIn }) => {
    const page = await visit();
    page.allow(/^answer 422: POST .*\/report/);
    await signIn(page, "handler-js");
    await look(page);
    await page.goto(`/desk/assignments/${ROW}/report`);
    await page.locator("#before").fill("过户要跑三个窗口");
    await page.locator("#after").fill("一个窗口收件，当场出证");
    await page.locator("#effective_on").fill("2018-07-09");
    await page.locator("#covered").fill("60");
    await page.locator("#coverable").fill("96");
    await page.locator("#evidence").setInputFiles([PDF, LETTER, SCREEN]);
    await press(page, "main form.stack .actions button:not([name])");
    assert.match(await page.innerText("[data-errors]"), /说明\.docx/, "the wrong file is named");
    assert.equal(await page.locator("#after").inputValue(), "一个窗口收件，当场出证");
    const kept = await page.locator("main ul.ruled").innerText();
    assert.match(kept, /通知\.pdf[^]*截图\.png/, "the other files are kept");
    await look(page);

    await press(page, "main form.stack .actions button:not([name])");
    assert.ok(await page.locator("button[name=partial]").isVisible(), "it says that this is a partial fix before it is one");
    await look(page);
    await press(page, "button[name=partial]");
    assert.match(await page.innerText("main"), /60\/96/);
    await look(page);
  });

  journey("the coordinator cannot sign a partial fix or an own report, and signs a whole one", async ({ visit, signIn }) => {
    const page = await visit();
    page.allow(/^answer 403: GET .*\/signature/);
    await signIn(page, "coordinator-js");
    await page.goto(`/desk/assignments/${ROW}/signature`);
    assert.equal(await page.locator("main form.stack button").count(), 0);
    assert.match(await page.innerText("main"), /部分解决/);
    await look(page);
    await page.goto(`/desk/assignments/${ROW}/sending-back`);
    await page.locator("#reason").fill("还差36个县区");
    await press(page, "main form.stack button[type=submit]");

    await report(page, "96");
    await page.goto(`/desk/assignments/${ROW}/signature`);
    assert.match(await page.innerText("main"), /上报人不能给自己签字/);
    assert.equal(await page.locator("main form.stack button").count(), 0);
    await look(page);
    await page.goto(`/desk/assignments/${ROW}/withdrawal`);
    await page.locator("#reason").fill("由承办部门上报");
    await press(page, "main form.stack button[type=submit]");

    const handler = await visit();
    await signIn(handler, "handler-js");
    await report(handler, "96");
    await page.goto(`/desk/assignments/${ROW}/signature`);
    await look(page);
    await press(page, "main form.stack button[type=submit]");
    assert.match(await page.innerText("main"), /已签字/);
  });

  journey("the leader of the team verifies it, and everybody can read it", async ({ visit, signIn }) => {
    const page = await visit({ device: "phone" });
    await signIn(page, "leader-t3");
    await look(page);
    await page.goto(`/desk/assignments/${ROW}/verification`);
    await page.locator("#test").fill("7月9日在南京市政务大厅办一次过户");
    await page.locator("#findings").fill("一个窗口收件，41分钟出证");
    await look(page);
    await press(page, "main form.stack button[type=submit]");
    assert.match(await page.innerText("main"), /已核验/);

    const reader = await visit({ device: "phone" });
    await reader.goto("/issues/S4-01/provinces/320000");
    assert.match(await reader.innerText("main"), /已核验/);
    assert.match(await reader.innerText("main"), /41分钟出证/);
    assert.doesNotMatch(await reader.innerText("main"), /江苏承办人|江苏统筹人/, "offices, not people");
    await look(reader);
    await reader.goto("/dashboard?campaign=s4");
    assert.match(await reader.innerText("main"), /1\/93/);
    await look(reader);
  });

  journey("the next season begins as a copy of this one, by the minute, and is cancelled after a final check", async ({ visit, signIn }) => {
    const page = await visit();
    page.allow(/^answer 422: POST .*\/cancellation/);
    await signIn(page, "organiser");
    await page.goto("/desk/campaigns/new");
    await press(page, "a[href^='/desk/campaigns/new?from=s4']");
    assert.equal(await page.locator("input[name=units]:checked").count(), 31, "the provinces are those of the season before");
    assert.equal(await page.locator("#max_choices").inputValue(), "2");
    assert.equal(await page.locator("#opens_on").inputValue(), "");
    const typed = { slug: "s5", name_zh: "第五季", name_en: "Season 5", opens_on: "2018-09-01", opens_time: "09:30", closes_on: "2018-09-20", closes_time: "18:30" };
    for (const [field, value] of Object.entries(typed)) await page.locator(`#${field}`).fill(value);
    await page.locator("#options").check();
    await look(page);
    await press(page, "main form .actions button:not([name])");
    const overview = await page.innerText("main");
    assert.match(overview, /2018年9月1日（周六）9:30开始投票，2018年9月20日（周四）18:30截止/);
    assert.match(overview, /4个/, "the options came along");
    await page.goto("/desk/campaigns/s5/preview");
    assert.match(await page.innerText("main"), /过户二手房要跑三个窗口/);
    await page.goto("/desk/campaigns/s5");
    await press(page, "#move-cancellation a.btn");
    await press(page, "#final-check button[type=submit]");
    assert.ok(await page.locator("[data-errors] a[href='#reason']").isVisible(), "the reason is asked for");
    await look(page);
    await page.locator("#reason").fill("并入下一年");
    await press(page, "#final-check button[type=submit]");
    assert.match(await page.innerText("main"), /活动已取消/);
  });
});

/** Opens the final check of an act that binds everybody, reads its effect, goes back once, and then makes the act. */
async function checkAndAct(page, button, effect) {
  await press(page, button);
  assert.match(await page.innerText(".lead"), effect);
  assert.match(await page.innerText("main"), /上一步|拟定/);
  await look(page);
  await press(page, "#final-check a.btn");
  await press(page, button);
  await press(page, "#final-check button[type=submit]");
}

/** Opens a page until a part of it says a sentence: what happens by the clock shows once it has happened. */
async function openUntil(page, address, part, sentence) {
  for (const limit = Date.now() + CLOCK_LIMIT; ; ) {
    await page.goto(address);
    const text = await page.innerText(part);
    if (sentence.test(text)) return;
    assert.ok(Date.now() < limit, text);
  }
}

async function report(page, covered) {
  await page.goto(`/desk/assignments/${ROW}/report`);
  await page.locator("#before").fill("过户要跑三个窗口");
  await page.locator("#after").fill("一个窗口收件，当场出证");
  await page.locator("#effective_on").fill("2018-07-09");
  await page.locator("#covered").fill(covered);
  await page.locator("#coverable").fill("96");
  await page.locator("#evidence").setInputFiles([PDF]);
  await press(page, "main form.stack .actions button:not([name])");
  assert.equal(new URL(page.url()).pathname, `/desk/assignments/${ROW}`, await page.innerText("main"));
}
