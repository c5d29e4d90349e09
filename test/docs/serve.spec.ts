import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { servePage } from "../../rehearsal/tools/make-operations.js";
import { SIGNING_NAMES, wireService } from "../../rehearsal/server/services.js";
import { TestCloud } from "../../rehearsal/test/support/test-cloud.js";

const PAGE = join(resolve(__dirname, "..", ".."), "docs", "serve.md");

/** What agents call, and AWS does not publish. Source: amazon-ssm-agent, agent/ssm and agent/association. */
const UNPUBLISHED = [
  "ssm:UpdateInstanceInformation",
  "ssm:GetManifest",
  "ssm:PutConfigurePackageResult",
  "ssm:ListInstanceAssociations",
  "ssm:UpdateInstanceAssociationStatus",
];

describe("docs/serve.md", () => {
  it("has the operations that are answered; `npm run docs:operations` writes them", async () => {
    expect(readFileSync(PAGE, "utf8")).to.equal(await servePage());
  });

  it("speaks of operations that AWS has", async () => {
    const { cloud } = new TestCloud();
    const unknown: string[] = [];
    for (const signed of SIGNING_NAMES) {
      const { name = "", model } = (await wireService(signed)) ?? {};
      for (const operation of Object.keys(cloud.operationsOf(name) ?? {}))
        if (model?.operation(operation) === undefined) unknown.push(`${name}:${operation}`);
    }
    expect(unknown).to.deep.equal(UNPUBLISHED);
  });
});
