// The product under test: one process with its own data directory, stopped by its process id.

import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const BINARY = process.env.SHUDU_BIN ?? fileURLToPath(new URL("../../target/debug/shudu", import.meta.url));
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;
const START_LIMIT = 300_000;
const STOP_LIMIT = 20_000;
const LINES_SHOWN = 40;
const SECONDS_OF_A_DAY = 86_400;

/**
 * Starts `shudu <command>` on a data directory of its own and a free port, or where `--listen` among the flags says, and returns
 * once it has printed its address. With `--named` its visitors come to `localhost`: passkeys and providers want a host's name. The
 * demo is played once for all: others serve a copy of its data.
 */
export async function startProduct(command, flags) {
  const asked = flags.indexOf("--listen");
  const listen = asked < 0 ? "127.0.0.1:0" : flags.splice(asked, 2)[1];
  const named = flags.indexOf("--named");
  if (named >= 0) flags.splice(named, 1);
  const data = await mkdtemp(join(tmpdir(), "shudu-data-"));
  const product = new Product(data, named >= 0);
  const played = command === "demo" ? await playedDemo() : undefined;
  try {
    if (played) {
      await cp(played.data, data, { recursive: true });
      product.accounts = played.accounts;
    }
    await product.start(played ? "serve" : command, listen, flags);
  } catch (error) {
    await product.stop().catch(() => {});
    throw error;
  }
  return product;
}

/**
 * The data of a demo that `shudu demo` has played to its end, and the sign-ins that it printed; in the folder that the runner
 * names for all journeys. Without one every journey plays its own.
 */
async function playedDemo() {
  const folder = process.env.SHUDU_PLAYED;
  if (!folder) return undefined;
  const told = join(folder, "accounts.json");
  const data = join(folder, "data");
  // Only one makes the folder and plays.
  const isFirst = await mkdir(data).then(() => true, () => false);
  if (isFirst) {
    const player = new Product(data);
    await player.start("demo", "127.0.0.1:0", []);
    await player.introduced();
    await player.finish();
    await writeFile(`${told}.part`, JSON.stringify(player.accounts));
    await rename(`${told}.part`, told);
  }
  for (const limit = Date.now() + START_LIMIT; Date.now() < limit; await sleep(100)) {
    const accounts = await readFile(told, "utf8").catch(() => undefined);
    if (accounts) return { data, accounts: JSON.parse(accounts) };
  }
  throw new Error("the demo was not played");
}

class Product {
  /** The address it printed, without a slash at the end. */
  url;
  /** The sign-ins it printed: `{ role, login, password }`. */
  accounts = [];

  #command;
  #flags;
  #child;
  #data;
  #isNamed;
  #lines = [];
  #address;
  #end;
  #killIfLeftBehind = () => this.#child.kill("SIGKILL");

  constructor(data, isNamed = false) {
    this.#data = data;
    this.#isNamed = isNamed;
  }

  /** Starts a process over the data and returns once it listens. */
  async start(command, listen, flags) {
    this.#command = command;
    this.#flags = flags;
    const child = spawn(BINARY, [command, "--listen", listen, "--data", this.#data, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
      // Journeys count right after a close that they moved the clock to.
      env: { ...process.env, NO_COLOR: "1", RUST_BACKTRACE: "1", SHUDU_SETTLE_AFTER: "0" },
    });
    this.#child = child;
    process.once("exit", this.#killIfLeftBehind);

    this.#end = new Promise((resolve) => {
      child.once("error", (error) => resolve({ error }));
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
    this.#address = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const address = line.match(ADDRESS);
        if (address) resolve(address[0]);
        if (!this.#tookSignIn(line)) this.#lines.push(line);
      });
    });
    createInterface({ input: child.stderr }).on("line", (line) => this.#lines.push(line));
    await this.#ready();
  }

  /** Moves its programme time: ends it, sets the clock of its data forward, serves the same data at the same address. */
  async days(count) {
    await this.finish();
    const path = join(this.#data, "site.json");
    const site = JSON.parse(await readFile(path, "utf8"));
    site.clock_offset += count * SECONDS_OF_A_DAY;
    await writeFile(path, JSON.stringify(site));
    await this.start("serve", `127.0.0.1:${new URL(this.url).port}`, this.#flags);
  }

  async #ready() {
    const first = await Promise.race([
      this.#address,
      this.#end.then((end) => new Error(`ended before it listened (${reason(end)})`)),
      sleep(START_LIMIT, new Error(`printed no address within ${START_LIMIT / 1000} s`), { ref: false }),
    ]);
    if (first instanceof Error) {
      throw new Error(`${BINARY} ${this.#command}: ${first.message}\n${this.lastLines()}`);
    }
    this.url = this.#isNamed ? first.replace("127.0.0.1", "localhost") : first;
  }

  /** Waits for the last line that a demo prints of its own. */
  async introduced() {
    for (const limit = Date.now() + STOP_LIMIT; Date.now() < limit; await sleep(50)) {
      if (this.#lines.some((line) => line.includes("Ctrl-C stops"))) return;
    }
    throw new Error(`the demo did not say who can sign in\n${this.lastLines()}`);
  }

  /** The sign-in of a role, or of one login where a role has many; waits for lines that come after the address. */
  async account(who) {
    for (const limit = Date.now() + STOP_LIMIT; Date.now() < limit; await sleep(50)) {
      const account = this.accounts.find(({ role, login }) => role === who || login === who);
      if (account) return account;
    }
    const known = this.accounts.map(({ role, login }) => `${role} (${login})`).join(", ");
    throw new Error(`no sign-in was printed for ${who}; printed: ${known || "none"}`);
  }

  /** What it wrote last, standard output and standard error together. */
  lastLines() {
    return this.#lines.slice(-LINES_SHOWN).map((line) => `  | ${line}`).join("\n");
  }

  /** Ends it and removes its data; fails on a panic or an unclean end. */
  async stop() {
    try {
      await this.finish();
    } finally {
      await rm(this.#data, { recursive: true, force: true });
    }
  }

  /** Asks it to end, and insists after a while. */
  async finish() {
    this.#child.kill("SIGTERM");
    let end = await Promise.race([this.#end, sleep(STOP_LIMIT, undefined, { ref: false })]);
    const late = end === undefined;
    if (late) {
      this.#child.kill("SIGKILL");
      end = await this.#end;
    }
    process.off("exit", this.#killIfLeftBehind);

    const panicked = this.#lines.some((line) => line.includes("panicked at"));
    const clean = end.code === 0 || end.signal === "SIGTERM";
    if (late) throw new Error(`still running ${STOP_LIMIT / 1000} s after SIGTERM\n${this.lastLines()}`);
    if (panicked || !clean) throw new Error(`${panicked ? "panicked" : reason(end)}\n${this.lastLines()}`);
  }

  #tookSignIn(line) {
    const [label, role, login, password] = line.trim().split(/\t+| {2,}/);
    if (label !== "sign-in" || !password) return false;
    this.accounts.push({ role, login, password });
    return true;
  }
}

function reason({ error, code, signal }) {
  if (error) return error.message;
  return signal ? `ended by ${signal}` : `ended with code ${code}`;
}

// A runner that is told to stop takes the product with it: "exit" handlers do not run on a bare signal.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
