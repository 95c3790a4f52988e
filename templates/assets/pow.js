"use strict";
// Finds a decimal nonce such that SHA-256(challenge + ":" + nonce) begins with `bits` zero bits.
// In: {challenge, bits}. Out: {nonce} or {error}.

const K = new Uint32Array(64);
const START = new Uint32Array(8);

// Both tables are the fractions of roots of primes, as FIPS 180-4 defines them.
(function () {
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
  function fraction(x) { return ((x - Math.floor(x)) * 4294967296) >>> 0; }
})();

const W = new Uint32Array(64);

function compress(state, block, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    W[i] = (block[at] << 24) | (block[at + 1] << 16) | (block[at + 2] << 8) | block[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = W[i - 16] + s0 + W[i - 7] + s1;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function zeros(state, bits) {
  for (let i = 0; bits > 0; i++, bits -= 32) {
    if (bits >= 32 ? state[i] !== 0 : state[i] >>> (32 - bits) !== 0) return false;
  }
  return true;
}

function solve(challenge, bits) {
  const prefix = new TextEncoder().encode(challenge + ":");
  const whole = prefix.length & ~63;
  const middle = new Uint32Array(START);
  for (let at = 0; at < whole; at += 64) compress(middle, prefix, at);
  const rest = prefix.length - whole;
  const state = new Uint32Array(8);
  const tail = new Uint8Array(128);
  for (let nonce = 0; nonce < 9007199254740991; nonce++) {
    const digits = String(nonce);
    const end = rest + digits.length;
    const size = end + 9 > 64 ? 128 : 64;
    tail.fill(0);
    tail.set(prefix.subarray(whole));
    for (let i = 0; i < digits.length; i++) tail[rest + i] = digits.charCodeAt(i);
    tail[end] = 128;
    const length = (whole + end) * 8;
    tail[size - 4] = length >>> 24;
    tail[size - 3] = length >>> 16;
    tail[size - 2] = length >>> 8;
    tail[size - 1] = length;
    state.set(middle);
    compress(state, tail, 0);
    if (size === 128) compress(state, tail, 64);
    if (zeros(state, bits)) return digits;
  }
  throw new Error("no nonce");
}

self.onmessage = function (event) {
  try {
    self.postMessage({ nonce: solve(event.data.challenge, event.data.bits) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
