// npm run docs:operations: writes the table of docs/serve.md from the operations that the local cloud has.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { Cloud } from "../cloud/cloud.js";
import { partitionNamed } from "../kernel/partition.js";
import { SIGNING_NAMES, wireService } from "../server/services.js";

const PAGE = join(__dirname, "..", "..", "docs", "serve.md");

const PROTOCOLS: Readonly<Record<string, string>> = {
  AwsJson: "JSON",
  Query: "query",
  Ec2Query: "EC2 query",
  RestJson: "REST JSON",
  S3: "REST XML",
};

/** docs/serve.md with the table of what is answered now. */
export async function servePage(): Promise<string> {
  const organization = { id: "o-docs123456", managementAccount: "999999999999", accounts: [] };
  const cloud = new Cloud({ partition: partitionNamed("aws"), organization });
  const rows: string[] = [];
  for (const signed of SIGNING_NAMES) {
    const service = await wireService(signed);
    if (service === undefined) continue;
    const { name, model, protocol } = service;
    const operations = Object.keys(cloud.operationsOf(name) ?? {})
      // Some are the agents' own, which AWS does not publish.
      .filter((operation) => model.operation(operation) !== undefined)
      .sort()
      .map((operation) => `\`${operation}\``);
    const spoken = PROTOCOLS[protocol.constructor.name] ?? "";
    rows.push(`| ${name} | ${spoken} | ${operations.join(", ")} |`);
  }
  const table = ["| Service | Protocol | Operations |", "| --- | --- | --- |", ...rows].join("\n");
  const before = readFileSync(PAGE, "utf8");
  const page = before.replace(
    /(<!-- operations -->\n).*?(<!-- end -->)/s,
    (_all, start: string, end: string) => `${start}\n${table}\n\n${end}`,
  );
  return format(page, { parser: "markdown", printWidth: 100 });
}

if (require.main === module) {
  void servePage().then((page) => writeFileSync(PAGE, page));
}
