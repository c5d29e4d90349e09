import { expect } from "chai";
import { refusal, World } from "./automation-world.js";

describe("Automation", () => {
  describe("answers", () => {
    it("GetAutomationExecution with every step, also those to come", async () => {
      const world = await World.make();
      const id = await world.start();
      await world.cloud.clock.run(world.cloud.clock.now + 5000);
      const { AutomationExecution: found } = await world.call<{
        AutomationExecution: Record<string, unknown>;
      }>("GetAutomationExecution", { AutomationExecutionId: id });
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
      const world = await World.make();
      const id = await world.start();
      await world.cloud.clock.run();
      const names = async (more: object) => {
        const input = { AutomationExecutionId: id, ...more };
        const found = await world.call<{
          StepExecutions: { StepName: string }[];
          NextToken?: string;
        }>("DescribeAutomationStepExecutions", input);
        return [found.StepExecutions.map(({ StepName }) => StepName).join(), found.NextToken];
      };
      expect(await names({})).to.deep.equal(["rest,look", undefined]);
      expect(await names({ ReverseOrder: true })).to.deep.equal(["look,rest", undefined]);
      expect(await names({ MaxResults: 1 })).to.deep.equal(["rest", "1"]);
      await world.cloud.clock.run(world.cloud.clock.now + 1000);
      expect(await names({ MaxResults: 1, NextToken: "1" })).to.deep.equal(["look", undefined]);
      expect(await names({ Filters: [{ Key: "Action", Values: ["aws:sleep"] }] })).to.deep.equal([
        "rest",
        undefined,
      ]);
      const odd = { AutomationExecutionId: id, Filters: [{ Key: "Colour", Values: [] }] };
      expect((await refusal(world.call("DescribeAutomationStepExecutions", odd))).code).to.equal(
        "InvalidFilterKey",
      );
    });

    it("DescribeAutomationExecutions with the newest first, by filter", async () => {
      const world = await World.make();
      const first = await world.start();
      await world.cloud.clock.run();
      const second = await world.start();
      const ids = async (Filters: object[]) => {
        const found = await world.call<{
          AutomationExecutionMetadataList: { AutomationExecutionId: string }[];
        }>("DescribeAutomationExecutions", { Filters });
        return found.AutomationExecutionMetadataList.map(
          ({ AutomationExecutionId }) => AutomationExecutionId,
        );
      };
      expect(await ids([])).to.deep.equal([second, first]);
      expect(await ids([{ Key: "ExecutionStatus", Values: ["Success"] }])).to.deep.equal([first]);
      expect(await ids([{ Key: "DocumentNamePrefix", Values: ["other"] }])).to.deep.equal([]);
    });

    it("an unknown execution with AWS's code", async () => {
      const world = await World.make();
      const error = await refusal(
        world.call("GetAutomationExecution", { AutomationExecutionId: "none" }),
      );
      expect(error.code).to.equal("AutomationExecutionNotFoundException");
    });
  });
});
