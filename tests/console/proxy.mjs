// The console behind a proxy that speaks TLS and serves the server below a prefix.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { request } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline/promises";

import { launch } from "../browser/visitor.mjs";
import { Operator } from "./operator.mjs";

const [base, pem] = process.argv.slice(2);
const PREFIX = "/team/chat";
const overall = setTimeout(() => process.exit(2), 60_000);
const lines = createInterface({ input: process.stdin });
const { hostname, port } = new URL(base);
const stripped = (url) => url.slice(PREFIX.length) || "/";

const proxy = createServer({ cert: readFileSync(pem), key: readFileSync(pem) }, (asked, answered) => {
  const { method, headers, url } = asked;
  const passed = request({ hostname, port, method, headers, path: stripped(url) }, (answer) => {
    answered.writeHead(answer.statusCode, answer.headers);
    answer.pipe(answered);
  });
  asked.pipe(passed);
});
proxy.on("upgrade", ({ method, url, rawHeaders }, client, head) => {
  const server = connect(port, hostname, () => {
    const fields = rawHeaders.map((text, index) => text + (index % 2 ? "\r\n" : ": ")).join("");
    server.write(`${method} ${stripped(url)} HTTP/1.1\r\n${fields}\r\n`);
    server.write(head);
    server.pipe(client).pipe(server);
  });
  for (const end of [client, server]) end.on("error", () => (client.destroy(), server.destroy()));
});
await new Promise((listening) => proxy.listen(0, "127.0.0.1", listening));

const browser = await launch();
const url = `https://127.0.0.1:${proxy.address().port}${PREFIX}/docs`;
const ann = await Operator.open(browser, { url, scheme: "light", size: "desktop", label: "proxy", ignoreHTTPSErrors: true, expects: ["WebSocket", "Failed to load resource"] });
try {
  await ann.connects("/socket", { name: "ann", token: "wrong" });
  await ann.reads("Connect to /socket", "bad_token");
  await ann.connects("/socket", { token: "letmein" });
  await ann.sees(`wss://127.0.0.1:${proxy.address().port}${PREFIX}/socket`);
  await ann.sees("Connected");
  await ann.joins("room:{room_id}", { room_id: "1" });
  await ann.isPresent("ann");
  await ann.form("Connect to /socket").getByRole("button", { name: "Copy as code" }).click();
  await ann.reads("Connect to /socket", `new Socket("wss://127.0.0.1:${proxy.address().port}${PREFIX}/socket"`);
  assert.equal(await ann.dock.getByText("The contract has changed").count(), 0);
} finally {
  for (const problem of ann.visitor.problems) console.error(problem);
  process.exitCode = ann.visitor.problems.length ? 1 : 0;
  await browser.close();
  proxy.closeAllConnections();
  proxy.close();
  lines.close();
  clearTimeout(overall);
}
