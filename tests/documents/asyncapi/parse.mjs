// What the official parser says of documents: one line of JSON for each file that is named.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const modules = process.env.CHANNELKIT_NODE_MODULES;
const require = createRequire(join(modules, "..", "tests.js"));
const { Parser } = require("@asyncapi/parser");

const parser = new Parser();
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(file, "utf8"));
  const problems = diagnostics.map(({ severity, message, path }) => [severity, message, path.join(".")]);
  const operations = document?.operations().all().map((operation) => ({
    id: operation.id(),
    action: operation.action(),
    messages: operation.messages().all().map((message) => message.name()),
    reply: operation.reply()?.messages().all().map((message) => message.title()) ?? null,
  }));
  console.log(JSON.stringify({ problems, operations: operations ?? null }));
}
process.exit(0);
