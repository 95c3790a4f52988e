// Many pages in few views, which together pair every language, theme and size of type, and most of the widths with them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { axe } from "./axe.mjs";
import { HEIGHT, NARROW, refuseHorizontalScroll, refuseLayoutShift, refuseLongPage, refuseUnmarkedChinese } from "./look.mjs";

/**
 * The views. A theme is chosen by a cookie, or by the `system`; no page exceeds so many `screens` of a phone in the type of the view,
 * and so many as `largest` says in the largest one, where English words are longer. In every view nothing may scroll sideways,
 * neither at its width nor at 320 px, in its type and in the largest one. A view with `rules` shows the same document as the one before
 * it: only these rules of axe can find anything else there.
 */
export const VIEWS = [
  { language: "zh-CN", width: 390, theme: "light", type: 1, screens: 6, largest: 12 },
  { language: "zh-CN", width: 390, theme: "dark", type: 3, screens: 12, largest: 12, rules: ["color-contrast", "target-size"] },
  { language: "en", width: 1280, system: "dark", type: 1, screens: 6, largest: 14 },
];

// What is alike stands for all of its kind: the first rows, cells, items and folds, and the frame of the first page.
const ALIKE = "tbody tr:nth-child(n + 5), tr > :nth-child(n + 9), li:nth-child(n + 9), details:nth-of-type(n + 5)";
const FRAME = ".head, .foot";
const LARGEST = "1.77";
const [LIGHT, DARK] = ["rgb(255, 255, 255)", "rgb(16, 23, 29)"];
// So many pages with faults stay open for a picture.
const PICTURES = 5;
const ROUTES = new URL("../../src/snapshots/shudu__router__tests__every_address_and_its_policy.snap", import.meta.url);
// Files, downloads, signs of life, and calls of programs: no pages.
const NO_PAGE = /^(files|exports|health)$/;

/** A view in words, for the name of a journey: `zh-CN, 390 px, light, type 1`. */
export function nameOf({ language, width, theme, system, type }) {
  return `${language}, ${width} px, ${theme ?? `${system} by the system`}, type ${type}`;
}

/** Opens a page of a new visitor in a view. */
export async function visitIn(view, visit, site) {
  const { language, width, theme, system = "light", type } = view;
  const device = width < 1280 ? "phone" : "desktop";
  const page = await visit({ device, language, colorScheme: system, viewport: { width, height: HEIGHT }, deviceScaleFactor: 1 });
  const wishes = { type: String(type), ...(theme && { theme }) };
  // The prefix wants a secure address when a cookie is put; cookies of a loopback host go to its plain address too.
  const url = site.url.replace("http:", "https:");
  await page.context().addCookies(Object.entries(wishes).map(([name, value]) => ({ name: `__Host-prefs-${name}`, value, url, secure: true })));
  await page.goto("/");
  await refuseOtherView(page, view);
  return page;
}

/** Visits all these addresses in a view, and fails with all faults of all pages together. */
export async function refuseUnsoundPages(page, view, addresses) {
  const faults = [];
  for (const address of addresses) {
    const found = await faultsAt(page, address, view, address === addresses[0] ? ALIKE : `${ALIKE}, ${FRAME}`);
    if (found.length === 0) continue;
    faults.push(`${address}\n${found.join("\n")}`);
    if (faults.length <= PICTURES) page = Object.assign(await page.context().newPage(), { withScript: page.withScript });
  }
  if (faults.length > 0) throw new Error(`${nameOf(view)}: ${faults.length} of ${addresses.length} pages have faults\n\n${faults.join("\n\n")}`);
}

async function faultsAt(page, address, { width, screens, largest, rules }, needless) {
  const found = [];
  const note = ({ message }) => found.push(message);
  try {
    await page.goto(address);
    assert.equal(new URL(page.url()).pathname, address.split("?")[0], "another page came");
    await refuseLayoutShift(page).catch(note);
    await refuseLongPage(page, screens).catch(note);
    await refuseUnmarkedChinese(page).catch(note);
    await refuseHorizontalScroll(page, width).catch(note);
    await page.setViewportSize({ width: NARROW, height: HEIGHT });
    await refuseHorizontalScroll(page, NARROW).catch(note);
    await page.evaluate(setType, LARGEST);
    const inLargest = ({ message }) => note({ message: `in the largest type ${message}` });
    await refuseHorizontalScroll(page, NARROW).catch(inLargest);
    if (largest !== screens) await refuseLongPage(page, largest).catch(inLargest);
    await page.evaluate(setType, "");
    await page.evaluate(removeAll, needless);
    await page.setViewportSize({ width, height: HEIGHT });
    await axe(page, { rules });
  } catch (error) {
    note(error);
  }
  return found;
}

function setType(size) {
  document.documentElement.style.setProperty("--type", size);
}

/** Fails if the page is not shown as the view says: nothing else that is found would mean anything. */
async function refuseOtherView(page, { language, width, theme, system, type }) {
  const shown = await page.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    const chosen = style.getPropertyValue("--chosen").trim();
    return { language: document.documentElement.lang, width: innerWidth, chosen, background: style.backgroundColor };
  });
  const background = (theme ?? system) === "dark" ? DARK : LIGHT;
  assert.deepEqual(shown, { language, width, chosen: `${type} ${theme ?? "system"}`, background });
}

function removeAll(selector) {
  for (const thing of document.querySelectorAll(selector)) thing.remove();
}

/**
 * Fails if an address of a page is reached by none of these addresses and not named elsewhere, with the reason, or if it is both.
 * The addresses are those of the snapshot of `src/router.rs`.
 */
export async function refuseForgottenPages(addresses, elsewhere, isOurs) {
  const lines = (await readFile(ROUTES, "utf8")).split("\n").map((line) => line.split(/ +/));
  const routes = lines.filter(([method, path, kind]) => method === "GET" && !path.startsWith("/api/v1") && !NO_PAGE.test(kind)).map(([, path]) => path);
  const reached = new Set(addresses.map((address) => routeOf(address, routes)));
  const ours = routes.filter(isOurs);
  assert.deepEqual(ours.filter((path) => !reached.has(path) && !(path in elsewhere)), [], "pages that nobody looks at");
  assert.deepEqual(Object.keys(elsewhere).filter((path) => reached.has(path) || !ours.includes(path)), [], "reasons without need");
}

/** The route of an address: of all that fit, the one with the fewest parameters. */
function routeOf(address, routes) {
  const parts = address.split("?")[0].split("/");
  const fits = (path) => path.split("/").length === parts.length && path.split("/").every((part, n) => part.startsWith(":") || part === parts[n]);
  return routes.filter(fits).sort((a, b) => a.split(":").length - b.split(":").length)[0];
}
