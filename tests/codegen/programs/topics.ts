// Builds topics of what stands in a file of JSON, and prints them: `node topics.js values.json`.
import { readFileSync } from "node:fs";

import { type CornersParameters, cornersTopic, hallTopic } from "./hall.js";

type Values = { readonly halls: readonly string[]; readonly corners: readonly CornersParameters[] };

const { halls, corners } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf-8")) as Values;

const build = (topic: () => string): string | null => {
  try {
    return topic();
  } catch {
    return null;
  }
};
for (const hall of halls) console.log(JSON.stringify(build(() => hallTopic({ hallId: BigInt(hall) }))));
for (const corner of corners) console.log(JSON.stringify(build(() => cornersTopic(corner))));
