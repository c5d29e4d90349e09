import { expect } from "chai";
import { awsErrorOf } from "../../../refusal.js";
import { StarterCloud } from "./automation-cloud.js";

describe("Automation", () => {
  describe("answers", () => {
    it("GetAutomationExecution with every step, also those to come", async () => {
      const testCloud = await StarterCloud.make();
      const id = await testCloud.start();
      await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 5000);
      const { AutomationExecution: found } = await testCloud.call<{
        AutomationExecution: Record<string, unknown>;
      }>("ssm", "GetAutomationExecution", { AutomationExecutionId: id });
      expect(found).to.include({
        AutomationExecutionId: id,
        AutomationExecutionStatus: "InProgress",
        DocumentName: "rest",
        DocumentVersion: "1",
        CurrentStepName: "rest",
      });
      const steps = found.StepExecutions as { StepName: string; StepStatus: string }[];
      expect(steps.map(({ StepName, StepStatus }) => `${StepName} ${StepStatus}`)).to.deep.equal([
        "rest InProgress",
        "look Pending",
      ]);
    });

    it("DescribeAutomationStepExecutions, by filter and in pages", async () => {
      const testCloud = await StarterCloud.make();
      const id = await testCloud.start();
      await testCloud.cloud.clock.run();
      const names = async (more: object) => {
        const input = { AutomationExecutionId: id, ...more };
        const found = await testCloud.call<{
          StepExecutions: { StepName: string }[];
          NextToken?: string;
        }>("ssm", "DescribeAutomationStepExecutions", input);
        return [found.StepExecutions.map(({ StepName }) => StepName).join(), found.NextToken];
      };
      expect(await names({})).to.deep.equal(["rest,look", undefined]);
      expect(await names({ ReverseOrder: true })).to.deep.equal(["look,rest", undefined]);
      expect(await names({ MaxResults: 1 })).to.deep.equal(["rest", "1"]);
      await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 1000);
      expect(await names({ MaxResults: 1, NextToken: "1" })).to.deep.equal(["look", undefined]);
      expect(await names({ Filters: [{ Key: "Action", Values: ["aws:sleep"] }] })).to.deep.equal([
        "rest",
        undefined,
      ]);
      const odd = { AutomationExecutionId: id, Filters: [{ Key: "Colour", Values: [] }] };
      expect(
        (await awsErrorOf(testCloud.call("ssm", "DescribeAutomationStepExecutions", odd))).code,
      ).to.equal("InvalidFilterKey");
    });

    it("DescribeAutomationExecutions with the newest first, by filter", async () => {
      const testCloud = await StarterCloud.make();
      const first = await testCloud.start();
      await testCloud.cloud.clock.run();
      const second = await testCloud.start();
      const ids = async (Filters: object[]) => {
        const found = await testCloud.call<{
          AutomationExecutionMetadataList: { AutomationExecutionId: string }[];
        }>("ssm", "DescribeAutomationExecutions", { Filters });
        return found.AutomationExecutionMetadataList.map(
          ({ AutomationExecutionId }) => AutomationExecutionId,
        );
      };
      expect(await ids([])).to.deep.equal([second, first]);
      expect(await ids([{ Key: "ExecutionStatus", Values: ["Success"] }])).to.deep.equal([first]);
      expect(await ids([{ Key: "DocumentNamePrefix", Values: ["other"] }])).to.deep.equal([]);
    });

    it("an unknown execution with AWS's code", async () => {
      const testCloud = await StarterCloud.make();
      const error = await awsErrorOf(
        testCloud.call("ssm", "GetAutomationExecution", { AutomationExecutionId: "none" }),
      );
      expect(error.code).to.equal("AutomationExecutionNotFoundException");
    });
  });
});
