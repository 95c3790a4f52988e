// What must hold of every page that a journey stands on, and a picture of it for people who want to see.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axe } from "./axe.mjs";

export const NARROW = 320;
const PHONE = 390;
export const HEIGHT = 844;
// A folder for pictures of every page looked at, in the order of looking; none are taken without it.
const PICTURES = process.env.SHUDU_PICTURES;

let taken = 0;

/** Fails if the page scrolls sideways at 320 px or has accessibility violations as it stands. */
export async function look(page) {
  await refuseHorizontalScroll(page);
  await axe(page);
  await picture(page);
}

/** Fails if the page can be scrolled sideways at a width, or else on the narrowest phone. */
export async function refuseHorizontalScroll(page, width = NARROW) {
  const size = page.viewportSize();
  if (width !== size.width) await page.setViewportSize({ width, height: HEIGHT });
  const tooWide = await page.evaluate(widestThings);
  if (width !== size.width) await page.setViewportSize(size);
  if (tooWide) throw new Error(`${page.url()} is ${tooWide.width} px wide at ${width} px:\n  ${tooWide.things.join("\n  ")}`);
}

// On a busy machine a long table is drawn while its rows still come, and its columns widen by some pixels. Pages are called good up to
// 0.1.
const SHIFT = 0.01;

/** Fails if anything moved while the page was loaded: layout shifts without input, in sum (cumulative layout shift). */
export async function refuseLayoutShift(page) {
  const shifts = await page.evaluate(layoutShifts);
  const sum = shifts.reduce((before, shift) => before + shift.value, 0);
  if (sum > SHIFT) throw new Error(`${page.url()}: things move while the page loads:\n  ${shifts.map((shift) => shift.words).join("\n  ")}`);
}

function layoutShifts() {
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const nameOf = (node) => (node?.outerHTML ?? node?.textContent ?? "something that is gone").replace(/\s+/g, " ").slice(0, 120);
  const inWords = ({ node, previousRect, currentRect }) => `${nameOf(node)} from ${place(previousRect)} to ${place(currentRect)}`;
  return new Promise((resolve) => {
    const found = [];
    const add = (list) => list.getEntries().filter((entry) => !entry.hadRecentInput).forEach(({ value, sources }) => {
      found.push({ value, words: `${value}: ${sources.map(inWords).join(", ")}` });
    });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    // The shifts of the past are told in a task of their own, soon after.
    setTimeout(() => resolve(found), 50);
  });
}

/** Fails if the page is longer than so many screens of a phone. */
export async function refuseLongPage(page, screens) {
  const size = page.viewportSize();
  if (size.width !== PHONE) await page.setViewportSize({ width: PHONE, height: HEIGHT });
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  if (size.width !== PHONE) await page.setViewportSize(size);
  if (tall > screens * HEIGHT) throw new Error(`${page.url()} is ${tall} px tall, more than ${screens} screens of ${HEIGHT} px`);
}

/** Fails if an English page has Chinese words without their language (WCAG 3.1.2): a screen reader would spell them out. */
export async function refuseUnmarkedChinese(page) {
  const found = await page.evaluate(unmarkedChinese);
  if (found.length > 0) throw new Error(`${page.url()} has Chinese words without lang="zh-CN":\n  ${found.join("\n  ")}`);
}

function unmarkedChinese() {
  const found = new Set();
  if (document.documentElement.lang !== "en") return [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (parent.matches("textarea.lines")) continue; // a table with a column in each language
    if (!/\p{Script=Han}/u.test(text.data) || parent.closest("[lang]").lang === "zh-CN") continue;
    found.add(`${parent.outerHTML.match(/^<[^>]*>/)[0]}: ${text.data.trim().slice(0, 80)}`);
  }
  return [...found].slice(0, 5);
}

function widestThings() {
  const width = document.documentElement.scrollWidth;
  const room = document.documentElement.clientWidth;
  if (width <= room) return undefined;
  const things = [...document.querySelectorAll("body *")]
    .filter((thing) => thing.checkVisibility() && thing.getBoundingClientRect().right > room + 1)
    .slice(0, 5)
    .map((thing) => thing.outerHTML.slice(0, 120));
  return { width, things };
}

async function picture(page) {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  const { pathname, search } = new URL(page.url());
  const name = `${pathname}${search}`.match(/[\p{L}\p{N}]+/gu)?.join("-") ?? "front";
  const number = String((taken += 1)).padStart(3, "0");
  const { width } = page.viewportSize();
  await page.screenshot({ path: join(PICTURES, `${process.pid}-${number}-${name.slice(0, 60)}-${width}.png`), fullPage: true });
}
