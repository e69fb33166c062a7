// Judges values by validate.js: a line of JSON in, [schema, schemas, value], a line out, the problems.
import { createInterface } from "node:readline";

import { validate } from "../../channelkit/documents/console/validate.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [schema, schemas, value] = JSON.parse(line);
  console.log(JSON.stringify(validate(value, schema, schemas)));
}
