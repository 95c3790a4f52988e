// The accessibility pass: WCAG 2.2 AA by axe, as a failure that a person can read.

import { AxeBuilder } from "@axe-core/playwright";

// Rows of the matrix and of long tables are alike: the first ones stand for all.
const REPEATED = "tbody tr:nth-child(n + 5)";
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Fails with every violation on the page as it stands; `within` narrows it to a CSS selector, `rules` to some rules (in
 * other colours only contrast can differ).
 */
export async function axe(page, { within, rules } = {}) {
  if (!page.withScript) await page.evaluate(runTimersAtOnce);
  const builder = new AxeBuilder({ page })
    .setLegacyMode() // in this page alone: there are no frames to join
    .options({
      runOnly: { type: "tag", values: TAGS },
      rules: { "target-size": { enabled: true } },
      resultTypes: ["violations"], // what is sound is not described: half the time of a page with a matrix
    });
  builder.exclude(REPEATED);
  if (within) builder.include(within);
  if (rules) builder.withRules(rules);
  await page.evaluate(letGo);
  const { violations } = await builder.analyze();
  await page.evaluate(stickAgain);
  if (violations.length === 0) return;

  const error = new Error(`${page.url()} has accessibility violations\n${violations.map(describe).join("\n")}`);
  Error.captureStackTrace(error, axe);
  throw error;
}

// In a document loaded without script no timer ever fires, and axe yields by short timers; the long ones are its time-outs.
function runTimersAtOnce() {
  window.setTimeout = (callback, delay = 0, ...given) => {
    if (delay < 100) Promise.resolve().then(() => callback(...given));
    return 0;
  };
}

// A bar that sticks to the window covers whatever happens to lie under it, which a reader scrolls free: no fault of size.
function letGo() {
  for (const thing of document.querySelectorAll("body *")) {
    if (getComputedStyle(thing).position !== "sticky") continue;
    thing.style.position = "static";
    thing.dataset.letGo = "";
  }
}

function stickAgain() {
  for (const thing of document.querySelectorAll("[data-let-go]")) {
    thing.style.position = "";
    thing.removeAttribute("data-let-go");
  }
}

function describe({ id, impact, help, helpUrl, nodes }) {
  const places = nodes.map(({ target, html, failureSummary }) =>
    [`    at ${target.flat().join(" ")}`, `       ${html}`, ...failureSummary.split("\n").map((line) => `       ${line}`)].join("\n"),
  );
  return [`  ${id} (${impact}): ${help}`, `    ${helpUrl.split("?")[0]}`, ...places].join("\n");
}
