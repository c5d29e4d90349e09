import { expect } from "chai";
import { ACCOUNT, REGION, refusal, trust, World } from "./automation-world.js";

describe("StartAutomationExecution", () => {
  describe("refuses a start", () => {
    const cases: [what: string, input: object, code: string, message: string][] = [
      [
        "of a document that there is not",
        { DocumentName: "nothing" },
        "AutomationDefinitionNotFoundException",
        "nothing",
      ],
      [
        "of a command document",
        { DocumentName: "AWS-RunShellScript" },
        "AutomationDefinitionNotFoundException",
        "AWS-RunShellScript",
      ],
      [
        "of a version that there is not",
        { DocumentVersion: "7" },
        "AutomationDefinitionVersionNotFoundException",
        "7",
      ],
      [
        "with a parameter that there is not",
        { Parameters: { Other: ["x"] } },
        "InvalidAutomationExecutionParametersException",
        "Other is no parameter of the document.",
      ],
      [
        "with a role that is no ARN",
        { Parameters: { AutomationAssumeRole: ["worker"] } },
        "InvalidAutomationExecutionParametersException",
        "The format of the supplied assume role ARN is invalid.",
      ],
      [
        "with a role that there is not",
        { Parameters: { AutomationAssumeRole: [`arn:aws:iam::${ACCOUNT}:role/nobody`] } },
        "InvalidAutomationExecutionParametersException",
        "The defined assume role is unable to be assumed.",
      ],
      [
        "with an alarm, which is not modelled",
        { AlarmConfiguration: { Alarms: [] } },
        "NotRehearsed",
        "ssm:StartAutomationExecution AlarmConfiguration",
      ],
    ];
    for (const [what, input, code, message] of cases) {
      it(what, async () => {
        const world = await World.make();
        const error = await refusal(world.start(input));
        expect(error.code).to.equal(code);
        expect(error.message).to.contain(message);
      });
    }

    it("whose role does not trust automations of this account", async () => {
      const elsewhere = { StringEquals: { "aws:SourceAccount": "999999999999" } };
      const world = await World.make(trust({ Condition: elsewhere }));
      const error = await refusal(world.start());
      expect(error.code).to.equal("InvalidAutomationExecutionParametersException");
      expect(world.cloud.calls.find(({ call }) => call === "sts:AssumeRole")?.outcome).to.equal(
        "denied",
      );
    });

    it("whose role trusts only executions, and lets this one", async () => {
      const like = {
        ArnLike: { "aws:SourceArn": `arn:aws:ssm:*:${ACCOUNT}:automation-execution/*` },
      };
      const world = await World.make(trust({ Condition: like }));
      expect(await world.start()).to.match(/^[0-9a-f-]{36}$/);
    });
  });

  describe("asks of the starter", () => {
    const document = `arn:aws:ssm:${REGION}:${ACCOUNT}:document/rest`;
    const executions = `arn:aws:ssm:${REGION}:${ACCOUNT}:automation-execution/*`;
    const start = { Sid: "S", Effect: "Allow", Action: "ssm:StartAutomationExecution" };
    const pass = { Sid: "P", Effect: "Allow", Action: "iam:PassRole", Resource: "*" };
    const passedTo = (service: string) => ({
      ...pass,
      Condition: { StringEquals: { "iam:PassedToService": service } },
    });
    const may = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
    const cases: [what: string, policy: object, denied: string | undefined][] = [
      [
        "no more than document, execution and role",
        may({ ...start, Resource: [document, executions] }, passedTo("ssm.amazonaws.com")),
        undefined,
      ],
      ["the document", may({ ...start, Resource: executions }, pass), document],
      ["the execution", may({ ...start, Resource: document }, pass), executions],
      [
        "the role",
        may({ ...start, Resource: [document, executions] }),
        `arn:aws:iam::${ACCOUNT}:role/worker`,
      ],
      [
        "the role for Systems Manager",
        may({ ...start, Resource: [document, executions] }, passedTo("ec2.amazonaws.com")),
        `arn:aws:iam::${ACCOUNT}:role/worker`,
      ],
    ];
    for (const [what, policy, denied] of cases) {
      it(what, async () => {
        const world = await World.make(trust(), policy);
        if (denied === undefined) await world.start();
        else expect((await refusal(world.start())).message).to.contain(`on resource: ${denied}`);
      });
    }
  });
});
