import { expect } from "chai";
import { refused } from "../../rehearsal/test/runbook/support.js";
import type { Answer } from "./collected.js";
import { ENDED, EXECUTION, GOOD, run, SOURCE } from "./collected.js";

describe("collect.yaml", function () {
  this.timeout(60_000);

  it("sends the script of the log account to all hosts by one command, and keeps no output in a bucket", async () => {
    const { inputs } = await run([{ id: "i-1" }]);
    expect(inputs[0]).to.deep.equal({
      DocumentName:
        "arn:aws:ssm:eu-central-1:444455556666:document/cf-script-expiring-certificates",
      Parameters: { Days: ["60"] },
      Targets: [{ Key: "tag:Role", Values: ["web", "db"] }],
      Comment: `certificates ${EXECUTION}`,
      MaxConcurrency: "20%",
      MaxErrors: "1",
      TimeoutSeconds: 600,
    });
  });

  it("puts each line as a row of texts, and each rule as an item", async () => {
    const { execution, put, requests } = await run([{ id: "i-1" }]);
    expect(execution.status).to.equal("Success");
    expect(requests).to.deep.equal([{ CommandId: "c-1", InstanceId: "i-1", PluginName: "linux" }]);
    const row = { name: "CN=a b", daysLeft: "20", expired: "false", of: '["x"]', note: "" };
    expect(put.inventory).to.deep.equal({
      "i-1": [
        {
          TypeName: "Custom:Certificate",
          SchemaVersion: "1.0",
          CaptureTime: "2026-01-05T08:05:30Z",
          Content: [row],
        },
      ],
    });
    const item = (text: string, Severity: string) => ({
      Id: text,
      Title: text,
      Severity,
      Status: "COMPLIANT",
    });
    expect(put.compliance).to.deep.equal({
      "i-1": {
        ResourceType: "ManagedInstance",
        ComplianceType: "Custom:Certificates",
        ExecutionSummary: {
          ExecutionTime: ENDED,
          ExecutionId: EXECUTION,
          ExecutionType: "Automation",
        },
        Items: [item("expired equals false", "CRITICAL"), item("daysLeft atLeast 14", "HIGH")],
      },
    });
    expect(execution.outputs["keep.Hosts"]).to.deep.equal(["1"]);
  });

  it("says of a broken rule what it found first, and how often", async () => {
    const rows = [20, 3, 13].map((days) => JSON.stringify({ daysLeft: days, expired: days < 5 }));
    const { put } = await run([{ id: "i-1", output: rows.join("\r\n") }]);
    const { Items } = put.compliance["i-1"] as { Items: Record<string, unknown>[] };
    expect(Items.map(({ Status, Details }) => [Status, Details])).to.deep.equal([
      ["NON_COMPLIANT", { Found: "true", Rows: "1 of 3" }],
      ["NON_COMPLIANT", { Found: "3", Rows: "2 of 3" }],
    ]);
  });

  const judged: [rule: string, status: string][] = [
    ["name equals CN=a b", "COMPLIANT"],
    ["name equals CN=a", "NON_COMPLIANT"],
    ["name notEquals CN=a", "COMPLIANT"],
    ["expired notEquals false", "NON_COMPLIANT"],
    ["daysLeft atMost 20", "COMPLIANT"],
    ["daysLeft atMost 19.5", "NON_COMPLIANT"],
    ["daysLeft atLeast 20", "COMPLIANT"],
    ["daysLeft atLeast 21", "NON_COMPLIANT"],
  ];
  it("checks by each operator", async () => {
    const Rules = judged.map(([rule]) => `LOW ${rule}`);
    const { put } = await run([{ id: "i-1" }], { overrides: { Rules } });
    const { Items } = put.compliance["i-1"] as { Items: Record<string, unknown>[] };
    expect(Items.map(({ Title, Status }) => [Title, Status])).to.deep.equal(judged);
  });

  it("takes no lines for no rows, which break no rule", async () => {
    const { execution, put } = await run([{ id: "i-1", output: "", platform: "windows" }]);
    expect(execution.status).to.equal("Success");
    expect(put.inventory["i-1"]).to.have.nested.property("[0].Content").that.deep.equals([]);
    expect(put.compliance["i-1"])
      .to.have.nested.property("Items[0].Status")
      .that.equals("COMPLIANT");
  });

  it("puts only what has a type", async () => {
    const inventory = await run([{ id: "i-1" }], { overrides: { ComplianceType: "", Rules: [] } });
    expect(Object.keys(inventory.put.inventory)).to.deep.equal(["i-1"]);
    expect(inventory.put.compliance).to.deep.equal({});
    const compliance = await run([{ id: "i-1" }], { overrides: { InventoryType: "" } });
    expect(compliance.put.inventory).to.deep.equal({});
    expect(Object.keys(compliance.put.compliance)).to.deep.equal(["i-1"]);
  });

  const broken: [what: string, answer: Omit<Answer, "id">, why: string][] = [
    ["failed", { status: "Failed" }, "Failed"],
    ["has no script", { platform: "none" }, "the script has no step for its platform"],
    ["prints no JSON", { output: `${GOOD}oops\n` }, "line 2 of its answer is no JSON object: oops"],
    ["prints a list", { output: "[1]" }, "line 1 of its answer is no JSON object: [1]"],
    [
      "prints too much",
      { output: `${GOOD}\n---Output truncated---` },
      "its answer is longer than the 24,000 characters that Run Command gives",
    ],
    [
      "has a value that is too long",
      { output: JSON.stringify({ daysLeft: 20, expired: "x".repeat(4097) }) },
      "expired is longer than the 4096 characters of a text of inventory",
    ],
    [
      "lacks a field of a rule",
      { output: '{"expired":false,"days":1}' },
      'a rule asks for "daysLeft", and its answer has days, expired',
    ],
    [
      "has no number where a rule compares one",
      { output: '{"expired":false,"daysLeft":"soon"}' },
      'a rule asks whether daysLeft is atLeast 14, and it is "soon", no number',
    ],
  ];
  for (const [what, answer, why] of broken) {
    it(`fails where a host ${what}, of which it keeps nothing, and keeps the others`, async () => {
      const { execution, put, reason } = await run([{ id: "i-1", ...answer }, { id: "i-2" }]);
      expect(execution.status).to.equal("Failed");
      expect(reason).to.equal(
        `RuntimeError - 1 of 2 hosts are not kept: i-1 (name of i-1): ${why}`,
      );
      expect(Object.keys(put.inventory)).to.deep.equal(["i-2"]);
      expect(Object.keys(put.compliance)).to.deep.equal(["i-2"]);
    });
  }

  it("fails where a call fails, and names the first few hosts", async () => {
    const answers = [1, 2, 3, 4, 5, 6].map((id) => ({ id: `i-${id}` }));
    const { reason, put } = await run(answers, {
      apis: { "ssm:PutInventory": () => refused("ItemSizeLimitExceededException") },
    });
    const why = (id: string) =>
      `${id} (name of ${id}): An error occurred (ItemSizeLimitExceededException) when calling the PutInventory operation: no`;
    const named = answers.slice(0, 5).map(({ id }) => why(id));
    expect(reason).to.equal(
      `RuntimeError - 6 of 6 hosts are not kept: ${named.join("; ")}; and 1 more`,
    );
    expect(put.compliance).to.deep.equal({});
  });

  it("keeps a thousand hosts, and says that there are more", async () => {
    expect(SOURCE).to.contain("MOST_HOSTS = 1000\n");
    const source = SOURCE.replace("MOST_HOSTS = 1000", "MOST_HOSTS = 3");
    const answers = [1, 2, 3, 4, 5].map((id) => ({ id: `i-${id}` }));
    const { reason, put } = await run(answers, { source });
    expect(Object.keys(put.inventory)).to.deep.equal(["i-1", "i-2", "i-3"]);
    expect(reason).to.equal(
      "RuntimeError - 2 of 5 hosts are not kept: 2 hosts are more than the 3 that there is time for: give each part of them a collection",
    );
  });
});
