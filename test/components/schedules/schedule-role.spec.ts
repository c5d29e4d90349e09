import { expect } from "chai";
import type { ScheduleWork } from "../../../components/schedules/run-schedule.js";
import { ScheduleRole } from "../../../components/schedules/schedule-role.js";
import { inMember, memberAccount } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const HEALER = "arn:aws-cn:iam::222222222222:role/healer";
const works: Record<ScheduleWork["what"], ScheduleWork> = {
  script: { what: "script", name: "facts", parameters: {} },
  document: { what: "document", name: "AWS-RunPatchBaseline", parameters: {} },
  runbook: { what: "runbook", name: "heal", roleArn: HEALER, parameters: {} },
};

describe("ScheduleRole", () => {
  let program: MockedProgram;
  const statements = async (...work: ScheduleWork[]) => {
    program = await mockProgram();
    const source = { accountId: "111111111111", prefix: "log" };
    const account = memberAccount("aws-cn");
    new ScheduleRole("schedules", { account, source, works: work }, inMember());
    await program.settled();
    const { policy } = program.only("aws:iam/rolePolicy:RolePolicy").inputs;
    return (policy as { Statement: Record<string, unknown>[] }).Statement;
  };

  it("is for Systems Manager in this account", async () => {
    await statements(works.script);
    expect(program.only("aws:iam/role:Role").inputs["assumeRolePolicy"]).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WindowsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "ssm.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
        },
      ],
    });
  });

  it("starts scripts by the log account's runbook as the execution role, and does only that", async () => {
    expect(await statements(works.script)).to.deep.equal([
      {
        Sid: "StartSharedRuns",
        Effect: "Allow",
        Action: "ssm:StartAutomationExecution",
        Resource: [
          "arn:aws-cn:ssm:*:111111111111:automation-definition/log-run-script:*",
          "arn:aws-cn:ssm:*:111111111111:document/log-run-script",
          "arn:aws-cn:ssm:*:222222222222:automation-execution/*",
        ],
      },
      {
        Sid: "PassRunRoles",
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: ["arn:aws-cn:iam::222222222222:role/AWS-SystemsManager-AutomationExecutionRole"],
        Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
      },
    ]);
  });

  it("starts the runbooks of the config as their roles", async () => {
    const own = await statements(works.runbook, { ...works.runbook, name: "AWS-StopEC2Instance" });
    expect(own.map(({ Sid, Resource }) => [Sid, Resource])).to.deep.equal([
      [
        "StartScheduledRunbooks",
        [
          "arn:aws-cn:ssm:*::document/AWS-StopEC2Instance",
          "arn:aws-cn:ssm:*::automation-definition/AWS-StopEC2Instance:*",
          "arn:aws-cn:ssm:*:222222222222:document/heal",
          "arn:aws-cn:ssm:*:222222222222:automation-definition/heal:*",
          "arn:aws-cn:ssm:*:222222222222:automation-execution/*",
        ],
      ],
      ["PassRunRoles", [HEALER]],
    ]);
  });

  it("sends the documents of the config, each named once", async () => {
    const own = await statements(works.document, works.document);
    expect(own.map(({ Sid }) => Sid)).to.deep.equal([
      "SendScheduledDocuments",
      "CommandHosts",
      "FollowCommands",
      "ReadGroups",
    ]);
    expect(own[0]?.["Resource"]).to.deep.equal(["arn:aws-cn:ssm:*::document/AWS-RunPatchBaseline"]);
  });
});
