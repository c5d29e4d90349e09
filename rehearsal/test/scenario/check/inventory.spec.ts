import { expect } from "chai";
import { checkCollected } from "../../../scenario/check/inventory.js";
import { hostNamed } from "../../../scenario/setup/lookup.js";
import { TestCloud } from "../../support/test-cloud.js";

describe("checkCollected", () => {
  it("holds rows and items against all that there is of a host, in any order of their names", async () => {
    const testCloud = new TestCloud();
    const { id } = await testCloud.host("web");
    const environment = { cloud: testCloud.cloud, stacks: [], regionNamed: String };
    const put = (operation: string, input: object) => testCloud.call("ssm", operation, input);
    await put("PutInventory", {
      InstanceId: id,
      Items: [
        {
          TypeName: "Custom:Disk",
          SchemaVersion: "1.0",
          CaptureTime: "2026-01-05T08:00:00Z",
          Content: [{ Volume: "/", Used: "20" }],
        },
      ],
    });
    await put("PutComplianceItems", {
      ResourceId: id,
      ResourceType: "ManagedInstance",
      ComplianceType: "Custom:Disks",
      ExecutionSummary: { ExecutionTime: new Date(0) },
      Items: [{ Title: "Used atMost 10", Severity: "LOW", Status: "NON_COMPLIANT" }],
    });
    const judged = (check: Parameters<typeof checkCollected>[3]) =>
      checkCollected(environment, hostNamed(environment, "web"), "web", check);
    expect(judged({})).to.deep.equal([]);
    expect(
      judged({
        inventory: { "Custom:Disk": [{ Used: "20", Volume: "/" }] },
        compliance: { "Custom:Disks": { "Used atMost 10": "NON_COMPLIANT" } },
      }).map(({ holds }) => holds),
    ).to.deep.equal([true, true]);
    expect(judged({ inventory: {}, compliance: {} })).to.deep.equal([
      {
        expectation: "web: inventory is {}",
        holds: false,
        found: '{"Custom:Disk":[{"Used":"20","Volume":"/"}]}',
      },
      {
        expectation: "web: compliance is {}",
        holds: false,
        found: '{"Custom:Disks":{"Used atMost 10":"NON_COMPLIANT"}}',
      },
    ]);
  });
});
