// What must hold of every page that a journey stands on, and a picture of it for people who want to see.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axe } from "./axe.mjs";

const NARROW = 320;
const HEIGHT = 844;
// A folder for pictures of every page looked at, in the order of looking; none are taken without it.
const PICTURES = process.env.SHUDU_PICTURES;

let taken = 0;

/** Fails if the page scrolls sideways at 320 px or has accessibility violations as it stands. */
export async function look(page) {
  await refuseHorizontalScroll(page);
  await axe(page);
  await picture(page);
}

/** Fails if the page can be scrolled sideways on the narrowest phone. */
export async function refuseHorizontalScroll(page) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: NARROW, height: HEIGHT });
  const tooWide = await page.evaluate(widestThings);
  await page.setViewportSize(size);
  if (tooWide) throw new Error(`${page.url()} is ${tooWide.width} px wide at ${NARROW} px:\n  ${tooWide.things.join("\n  ")}`);
}

/** Fails if the page is longer than so many screens of a phone. */
export async function refuseLongPage(page, screens) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: HEIGHT });
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize(size);
  if (tall > screens * HEIGHT) throw new Error(`${page.url()} is ${tall} px tall, more than ${screens} screens of ${HEIGHT} px`);
}

function widestThings() {
  const width = document.documentElement.scrollWidth;
  const room = document.documentElement.clientWidth;
  if (width <= room) return undefined;
  const things = [...document.querySelectorAll("body *")]
    .filter((thing) => thing.getBoundingClientRect().right > room + 1)
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
