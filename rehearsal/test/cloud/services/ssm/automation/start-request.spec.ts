import { expect } from "chai";
import { awsErrorOf } from "../../../refusal.js";
import { allow, policy, trust } from "../../../../support/policies.js";
import { MEMBER, REGION } from "../../../../support/test-cloud.js";
import { StarterCloud } from "./automation-cloud.js";

const SERVICE = { Service: "ssm.amazonaws.com" };

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
        { Parameters: { AutomationAssumeRole: [`arn:aws:iam::${MEMBER}:role/nobody`] } },
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
        const testCloud = await StarterCloud.make();
        const error = await awsErrorOf(testCloud.start(input));
        expect(error.code).to.equal(code);
        expect(error.message).to.contain(message);
      });
    }

    it("whose role does not trust automations of this account", async () => {
      const elsewhere = { StringEquals: { "aws:SourceAccount": "999999999999" } };
      const testCloud = await StarterCloud.make(policy(trust(SERVICE, { Condition: elsewhere })));
      const error = await awsErrorOf(testCloud.start());
      expect(error.code).to.equal("InvalidAutomationExecutionParametersException");
      expect(testCloud.cloud.calls.find(({ call }) => call === "sts:AssumeRole")?.outcome).to.equal(
        "denied",
      );
    });

    it("whose role trusts only executions, and lets this one", async () => {
      const like = {
        ArnLike: { "aws:SourceArn": `arn:aws:ssm:*:${MEMBER}:automation-execution/*` },
      };
      const testCloud = await StarterCloud.make(policy(trust(SERVICE, { Condition: like })));
      expect(await testCloud.start()).to.match(/^[0-9a-f-]{36}$/);
    });
  });

  describe("asks of the starter", () => {
    const document = `arn:aws:ssm:${REGION}:${MEMBER}:document/rest`;
    const executions = `arn:aws:ssm:${REGION}:${MEMBER}:automation-execution/*`;
    const start = allow("ssm:StartAutomationExecution");
    const pass = allow("iam:PassRole");
    const passedTo = (service: string) => ({
      ...pass,
      Condition: { StringEquals: { "iam:PassedToService": service } },
    });
    const cases: [what: string, starterMay: object, denied: string | undefined][] = [
      [
        "no more than document, execution and role",
        policy({ ...start, Resource: [document, executions] }, passedTo("ssm.amazonaws.com")),
        undefined,
      ],
      ["the document", policy({ ...start, Resource: executions }, pass), document],
      ["the execution", policy({ ...start, Resource: document }, pass), executions],
      [
        "the role",
        policy({ ...start, Resource: [document, executions] }),
        `arn:aws:iam::${MEMBER}:role/worker`,
      ],
      [
        "the role for Systems Manager",
        policy({ ...start, Resource: [document, executions] }, passedTo("ec2.amazonaws.com")),
        `arn:aws:iam::${MEMBER}:role/worker`,
      ],
    ];
    for (const [what, starterMay, denied] of cases) {
      it(what, async () => {
        const testCloud = await StarterCloud.make(undefined, starterMay);
        if (denied === undefined) await testCloud.start();
        else
          expect((await awsErrorOf(testCloud.start())).message).to.contain(
            `on resource: ${denied}`,
          );
      });
    }
  });
});
