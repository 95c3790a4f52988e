"use strict";
// Solves the puzzle of an anonymous pass with the browser's own PBKDF2-HMAC-SHA256.
// A nonce n names one block of output: salt n / 256, block number n % 256 + 1. It is an answer where the first four bytes of the
// block are not above the target. In: {challenge, target, iterations, answers}. Out: {nonce}, the answers in ascending order, or {error}.

// Blocks of a call: many, so that the call itself costs little; few for browsers that give no more at once.
const MANY = 128, FEW = 8, PAGE = 256;
// Calls under way at a time: while one's blocks are compared the next one is computed.
const CALLS = 2;

async function solve(task) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(task.challenge), "PBKDF2", false, ["deriveBits"]);
  const found = [];
  let next = 0;
  let blocks = MANY;
  const derive = (page) => {
    const salt = new DataView(new ArrayBuffer(4));
    salt.setUint32(0, page);
    return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: salt.buffer, iterations: task.iterations }, key, blocks * 256);
  };
  try { await derive(0); } catch (_) { blocks = FEW; }
  const search = async () => {
    while (found.length < task.answers) {
      const page = next++;
      const output = new DataView(await derive(page));
      for (let at = 0; at < blocks; at++) if (output.getUint32(at * 32) <= task.target) found.push(page * PAGE + at);
    }
  };
  await Promise.all(Array.from({ length: CALLS }, search));
  return found.sort((a, b) => a - b).slice(0, task.answers).join(",");
}

self.onmessage = function (event) {
  solve(event.data).then(
    (nonce) => self.postMessage({ nonce: nonce }),
    (error) => self.postMessage({ error: String(error) }),
  );
};
