// The accessibility pass: WCAG 2.2 AA by axe, as a failure that a person can read.

import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Fails with every violation on the page as it stands; `within` narrows it to a CSS selector, `rules` to some rules (in
 * other colours only contrast can differ).
 */
export async function axe(page, { within, rules } = {}) {
  if (!page.withScript) await page.evaluate(runTimersAtOnce);
  const builder = new AxeBuilder({ page })
    .setLegacyMode() // in this page alone: there are no frames to join
    .options({ runOnly: { type: "tag", values: TAGS }, rules: { "target-size": { enabled: true } } });
  if (within) builder.include(within);
  if (rules) builder.withRules(rules);
  const { violations } = await builder.analyze();
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

function describe({ id, impact, help, helpUrl, nodes }) {
  const places = nodes.map(({ target, html, failureSummary }) =>
    [`    at ${target.flat().join(" ")}`, `       ${html}`, ...failureSummary.split("\n").map((line) => `       ${line}`)].join("\n"),
  );
  return [`  ${id} (${impact}): ${help}`, `    ${helpUrl.split("?")[0]}`, ...places].join("\n");
}
