// Plays scenarios with phoenix.js, as asked: a line on stdin names the package, the scenario and
// the server; lines on stdout tell what happened, each one JSON value. See node.py.
import { createInterface } from "node:readline/promises";

import * as presence from "./presence.mjs";
import * as others from "./scenarios.mjs";
import { World } from "./world.mjs";

const scenarios = { ...others, ...presence };
const PATIENCE = 15_000;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const read = async () => (await lines.next()).value;

function late(scenario) {
  let timer;
  const promise = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${scenario} took too long`)), PATIENCE);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

async function play({ library, transport, scenario, address }) {
  const world = new World(library, transport, address, {
    say: (event) => print({ event }),
    ask: async (wish) => {
      print({ wish });
      await read();
    },
  });
  const limit = late(scenario);
  try {
    await Promise.race([scenarios[scenario](world), limit.promise]);
    print({ done: true });
  } catch (error) {
    print({ failed: error?.stack ?? String(error) });
  } finally {
    limit.cancel();
    world.end();
  }
}

for (let line = await read(); line !== undefined; line = await read()) await play(JSON.parse(line));
process.exit(0); // the oldest client's heartbeat timer outlives its socket
