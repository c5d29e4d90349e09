import { expect } from "chai";
import type { Collection } from "../../../components/schedules/collections.js";
import { Collections } from "../../../components/schedules/collections.js";
import { inMember, memberAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const TASK = "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask";
const disks: Collection = {
  script: "disk-pressure",
  parameters: { Percent: "90" },
  target: { key: "tag:Role", values: ["web", "db"] },
  expression: "cron(0 4 ? * * *)",
  timeZone: "Europe/Berlin",
  maxConcurrency: "20%",
  maxErrors: "5",
  inventory: "Custom:Disks",
  compliance: {
    type: "Custom:Pressure",
    rules: [{ field: "pressure", operator: "equals", value: "no b", severity: "HIGH" }],
  },
};
const { compliance: _compliance, ...onlyInventory } = disks;
const { inventory: _inventory, ...onlyCompliance } = disks;

async function collect(
  collections: Readonly<Record<string, Collection>>,
  partition: "aws" | "aws-cn" = "aws",
): Promise<MockedProgram> {
  const program = await mockProgram();
  new Collections(
    "collect",
    {
      account: memberAccount(partition),
      prefix: "cf",
      regions: ["one", "two"],
      source: { accountId: "111111111111", prefix: "log" },
      runbook: "the runbook",
      collections,
    },
    inMember(),
  );
  await program.settled();
  return program;
}

/** The statements of what the runbook works as, by Sid. */
const statements = (program: MockedProgram) => {
  const { policy } = program.only("aws:iam/rolePolicy:RolePolicy", "collect-role").inputs;
  const all = (policy as { Statement: { Sid: string; Resource: unknown; Condition?: unknown }[] })
    .Statement;
  return new Map(all.map((statement) => [statement.Sid, statement]));
};

describe("Collections", () => {
  it("has its runbook in each Region", async () => {
    const program = await collect({ disks });
    const documents = program.resources.filter(({ type }) => type === "aws:ssm/document:Document");
    expect(
      documents.map(({ inputs }) => [inputs["name"], inputs["content"], inputs["region"]]),
    ).to.deep.equal([
      ["cf-collect", "the runbook", "one"],
      ["cf-collect", "the runbook", "two"],
    ]);
  });

  for (const { partition } of partitions) {
    it(`gives the runbook in ${partition} the script, the hosts and the use of the answers`, async () => {
      const program = await collect({ disks }, partition);
      const { inputs } = program.only(TASK, "collect-disks-one-task");
      const { taskArn, taskInvocationParameters } = inputs as {
        taskArn: string;
        taskInvocationParameters: {
          automationParameters: { parameters: { name: string; values: string[] }[] };
        };
      };
      expect(taskArn).to.equal("cf-collect");
      const { parameters } = taskInvocationParameters.automationParameters;
      expect(
        Object.fromEntries(parameters.map(({ name, values }) => [name, values])),
      ).to.deep.equal({
        AutomationAssumeRole: [`arn:${partition}:iam::222222222222:role/cf-collect`],
        Collection: ["disks"],
        Document: ["log-script-disk-pressure"],
        DocumentOwner: ["111111111111"],
        Parameters: ['{"Percent":["90"]}'],
        TargetKey: ["tag:Role"],
        TargetValues: ["web", "db"],
        InventoryType: ["Custom:Disks"],
        ComplianceType: ["Custom:Pressure"],
        Rules: ["HIGH pressure equals no b"],
        MaxConcurrency: ["20%"],
        MaxErrors: ["5"],
      });
    });
  }

  it("opens a window at its hours, in its time zone", async () => {
    const program = await collect({ disks });
    const window = program.only(
      "aws:ssm/maintenanceWindow:MaintenanceWindow",
      "collect-disks-two-window",
    );
    expect(window.inputs).to.deep.include({
      name: "cf-collect-disks",
      schedule: "cron(0 4 ? * * *)",
      scheduleTimezone: "Europe/Berlin",
      duration: 1,
      cutoff: 0,
      region: "two",
    });
  });

  it("may send the scripts of its entries and put their types, and no others", async () => {
    const found = statements(
      await collect({ disks, facts: { ...onlyInventory, script: "facts" } }),
    );
    expect(found.get("SendCollecting")?.Resource).to.deep.equal([
      "arn:aws:ssm:*:111111111111:document/log-script-disk-pressure",
      "arn:aws:ssm:*:111111111111:document/log-script-facts",
    ]);
    expect(found.get("PutCollectedInventory")?.Condition).to.deep.equal({
      "ForAllValues:StringEquals": { "ssm:InventoryTypeName": ["Custom:Disks"] },
      Null: { "ssm:InventoryTypeName": "false" },
    });
    expect(found.get("PutCollectedCompliance")?.Resource).to.equal(
      "arn:aws:ec2:*:222222222222:instance/*",
    );
  });

  it("may put nothing that no entry asks for", async () => {
    const puts = (program: MockedProgram) =>
      [...statements(program).keys()].filter((sid) => sid.startsWith("Put"));
    expect(puts(await collect({ disks: onlyInventory }))).to.deep.equal(["PutCollectedInventory"]);
    expect(puts(await collect({ disks: onlyCompliance }))).to.deep.equal([
      "PutCollectedCompliance",
    ]);
  });

  it("starts only its runbook from windows, as its role", async () => {
    const program = await collect({ disks });
    const { policy } = program.only("aws:iam/rolePolicy:RolePolicy", "collect-windows-role").inputs;
    const { Statement } = policy as { Statement: { Sid: string; Resource: unknown }[] };
    expect(Statement.map(({ Sid, Resource }) => [Sid, Resource])).to.deep.equal([
      [
        "StartScheduledRunbooks",
        [
          "arn:aws:ssm:*:222222222222:document/cf-collect",
          "arn:aws:ssm:*:222222222222:automation-definition/cf-collect:*",
          "arn:aws:ssm:*:222222222222:automation-execution/*",
        ],
      ],
      ["PassRunRoles", ["arn:aws:iam::222222222222:role/cf-collect"]],
    ]);
  });
});
