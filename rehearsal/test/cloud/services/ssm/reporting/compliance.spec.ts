import { expect } from "chai";
import { refusal } from "../../../refusal.js";
import { TestCloud } from "../../../../support/test-cloud.js";

const well = { Id: "a", Title: "Disks", Severity: "HIGH", Status: "COMPLIANT" };
const wrong = { Id: "b", Title: "Ports", Severity: "LOW", Status: "NON_COMPLIANT" };

describe("SsmCompliance", () => {
  let testCloud: TestCloud;
  let id: string;
  beforeEach(async () => {
    testCloud = new TestCloud();
    ({ id } = await testCloud.host("web"));
  });
  const put = (Items: readonly object[], more: object = {}) =>
    testCloud.call("ssm", "PutComplianceItems", {
      ResourceId: id,
      ResourceType: "ManagedInstance",
      ComplianceType: "Custom:Fleet",
      ExecutionSummary: { ExecutionTime: "2026-01-05T08:00:00Z" },
      Items,
      ...more,
    });
  const items = async (input: object = {}) =>
    (
      await testCloud.call<{ ComplianceItems: { Id: string }[] }>(
        "ssm",
        "ListComplianceItems",
        input,
      )
    ).ComplianceItems;

  it("replaces the existing items of a type, or adds to them where the upload is partial", async () => {
    await put([well]);
    await put([wrong]);
    expect((await items()).map(({ Id }) => Id)).to.deep.equal(["b"]);
    await put([well], { UploadType: "PARTIAL" });
    expect((await items()).map(({ Id }) => Id)).to.deep.equal(["b", "a"]);
  });

  it("lists items with their host and type, by filters", async () => {
    await put([well, wrong]);
    const Filters = [{ Key: "Status", Values: ["NON_COMPLIANT"], Type: "EQUAL" }];
    expect(await items({ Filters, ResourceIds: [id] })).to.deep.equal([
      {
        ComplianceType: "Custom:Fleet",
        ResourceType: "ManagedInstance",
        ResourceId: id,
        ExecutionSummary: { ExecutionTime: "2026-01-05T08:00:00Z" },
        ...wrong,
      },
    ]);
  });

  it("counts hosts, of which one complies where all of its items do", async () => {
    const summaries = () => testCloud.call("ssm", "ListComplianceSummaries", {});
    await put([well]);
    const summary = (CompliantCount: number, NonCompliantCount: number) => ({
      ComplianceSummaryItems: [
        {
          ComplianceType: "Custom:Fleet",
          CompliantSummary: { CompliantCount },
          NonCompliantSummary: { NonCompliantCount },
        },
      ],
    });
    expect(await summaries()).to.deep.equal(summary(1, 0));
    await put([well, wrong]);
    expect(await summaries()).to.deep.equal(summary(0, 1));
  });

  const refused: [what: string, items: object[], more: object, code: string][] = [
    ["a type without Custom:", [well], { ComplianceType: "Fleet" }, "ValidationException"],
    ["another kind of resource", [well], { ResourceType: "Bucket" }, "InvalidResourceType"],
    ["a host that is not managed", [well], { ResourceId: "i-0" }, "InvalidResourceId"],
    ["a severity that is none", [{ ...well, Severity: "BAD" }], {}, "ValidationException"],
    ["a status that is none", [{ ...well, Status: "OK" }], {}, "ValidationException"],
  ];
  for (const [what, list, more, code] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(put(list, more))).to.match(new RegExp(`^${code}:`));
    });
  }
});
