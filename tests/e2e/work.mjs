// How long a browser works for an anonymous pass. Prints figures; nothing is demanded of them.
//
//     npm ci --prefix tests/e2e --ignore-scripts && node tests/e2e/work.mjs [SLOWER] [SOLUTIONS] [LEVEL]
//
// The worker of the ballot page (templates/assets/pow.js) solves so many challenges (default 100) at a level (default 1) in Chromium whose renderer
// runs one part in so many of the time (default 4), as on a slower processor: the process is stopped and continued. The protocol's own
// Emulation.setCPUThrottlingRate slows the main thread only, neither workers nor WebCrypto.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.SHUDU_CHROMIUM ?? "/usr/bin/chromium";
const WORKER = new URL("../../templates/assets/pow.js", import.meta.url);
const [SLOWER, SOLUTIONS, LEVEL] = [4, 100, 1].map((usual, at) => Number(process.argv[2 + at] ?? usual));
const RUNS_FOR = 5; // ms
const TASK = { iterations: 32, answers: 6, target: Math.floor(2 ** 22 / LEVEL) - 1 };

const server = createServer(async (request, answer) => {
  const isWorker = request.url === "/pow.js";
  answer.setHeader("Content-Type", isWorker ? "text/javascript" : "text/html");
  answer.end(isWorker ? await readFile(WORKER) : "<title>work</title>");
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
let slowing;
let renderers = [];
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  renderers = processInfo.filter((one) => one.type === "renderer").map((one) => one.id);
  if (SLOWER > 1) slow();
  const times = [];
  for (let n = 0; n < SOLUTIONS; n++) times.push(await page.evaluate(solve, { ...TASK, challenge: randomBytes(60).toString("base64url") }));
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  console.log(`${SOLUTIONS} solutions at level ${LEVEL}, ${SLOWER} times slower: median ${at(0.5)} ms, p90 ${at(0.9)} ms, mean ${mean.toFixed(0)} ms`);
} finally {
  clearTimeout(slowing);
  tell("SIGCONT");
  await browser.close();
  server.close();
}

function tell(signal) {
  for (const id of renderers) process.kill(id, signal);
}

function slow() {
  tell("SIGCONT");
  slowing = setTimeout(() => {
    tell("SIGSTOP");
    slowing = setTimeout(slow, RUNS_FOR * (SLOWER - 1));
  }, RUNS_FOR);
}

function solve(task) {
  return new Promise((done, fail) => {
    const begun = performance.now();
    const worker = new Worker("/pow.js");
    worker.onmessage = (event) => {
      worker.terminate();
      if (event.data.nonce) done(performance.now() - begun);
      else fail(new Error(event.data.error));
    };
    worker.postMessage(task);
  });
}
