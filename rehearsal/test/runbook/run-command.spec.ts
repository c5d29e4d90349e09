import { expect } from "chai";
import { play, refused, runbookWith } from "./support.js";

describe("aws:runCommand", () => {
  const source = (more = "") =>
    runbookWith(
      `  - name: c\n    action: aws:runCommand\n${more}    inputs:\n      DocumentName: AWS-RunShellScript\n      InstanceIds: ["{{ Ids }}"]\n      TimeoutSeconds: 60\n      Parameters: { commands: [ls, "{{ Ids }}"], executionTimeout: 5 }\n  - { name: a, action: aws:executeAwsApi, inputs: { Service: ec2, Api: Do, Text: "{{ c.Output }}" } }\n`,
      "parameters: { Ids: { type: StringList } }\n",
    );
  const parameters = { Ids: ["i-1"] };
  const answer = (...statuses: string[]) => ({
    "ec2:Do": () => ({}),
    "ssm:SendCommand": () => ({ Command: { CommandId: "c-1", Status: "Pending" } }),
    "ssm:ListCommands": () => ({
      Commands: [{ Status: statuses.length > 1 ? statuses.shift() : statuses[0] }],
    }),
    "ssm:ListCommandInvocations": () => ({
      CommandInvocations: [
        {
          InstanceId: "i-1",
          Status: statuses[0],
          CommandPlugins: [{ Output: "hello", ResponseCode: statuses[0] === "Failed" ? 3 : 0 }],
        },
      ],
    }),
  });

  it("sends lists of texts, polls, and gives the output on", async () => {
    const played = await play(source(), {
      parameters,
      apis: answer("Pending", "InProgress", "Success"),
    });
    expect(played.execution.status).to.equal("Success");
    expect(played.inputs[0]).to.deep.equal({
      DocumentName: "AWS-RunShellScript",
      InstanceIds: ["i-1"],
      TimeoutSeconds: 60,
      Parameters: { commands: ["ls", "i-1"], executionTimeout: ["5"] },
    });
    expect(played.calls).to.deep.equal([
      "ssm:SendCommand",
      "ssm:ListCommands",
      "ssm:ListCommands",
      "ssm:ListCommands",
      "ssm:ListCommandInvocations",
      "ec2:Do",
    ]);
    expect(played.inputs.at(-1)).to.deep.equal({ Text: "hello" });
  });

  it("fails with the status and the host's words, as AWS writes them", async () => {
    const { execution } = await play(source(), { parameters, apis: answer("Failed") });
    expect(execution.failureMessage).to.equal(
      'Step fails when it is verifying the command has completed. Command c-1 returns unexpected invocation result: \n{Status=[Failed], ResponseCode=[3], Output=[hello], OutputPayload=[{"Status":"Failed","ResponseCode":3,"Output":"hello","CommandId":"c-1"}], CommandId=[c-1]}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.',
    );
  });

  it("goes by what the command came to, and finds the host that failed on a later page", async () => {
    const host = (InstanceId: string, Status: string) => ({
      InstanceId,
      Status,
      CommandPlugins: [{ Output: InstanceId, ResponseCode: Status === "Failed" ? 3 : 0 }],
    });
    const pages = {
      first: { CommandInvocations: [host("i-1", "Success")], NextToken: "second" },
      second: { CommandInvocations: [host("i-2", "Success"), host("i-3", "Failed")] },
    };
    const apis = (status: string) => ({
      ...answer(status),
      "ssm:ListCommandInvocations": ({ NextToken = "first" }) =>
        pages[NextToken as keyof typeof pages],
    });
    const failed = await play(source(), { parameters, apis: apis("Failed") });
    expect(failed.execution.reason).to.equal(
      "the command ended Failed on i-3 with response code 3: i-3",
    );
    const passed = await play(source(), { parameters, apis: apis("Success") });
    expect(passed.execution.status).to.equal("Success");
  });

  it("waits for a command that Systems Manager does not list yet", async () => {
    const lists = [[], [{ Status: "Success" }]];
    const apis = { ...answer("Success"), "ssm:ListCommands": () => ({ Commands: lists.shift() }) };
    const played = await play(source(), { parameters, apis });
    expect(played.execution.status).to.equal("Success");
    expect(played.calls.filter((call) => call === "ssm:ListCommands")).to.have.lengthOf(2);
  });

  it("times out while the command is under way", async () => {
    const { execution } = await play(source("    timeoutSeconds: 30\n"), {
      parameters,
      apis: answer("InProgress"),
    });
    expect(execution.status).to.equal("TimedOut");
    expect(execution.reason).to.equal("Command c-1 is not over");
  });

  it("fails when the command is refused", async () => {
    const apis = {
      ...answer("Success"),
      "ssm:SendCommand": () => refused("InvalidInstanceId", "not there"),
    };
    const { execution } = await play(source(), { parameters, apis });
    expect(execution.reason).to.equal(
      "An error occurred (InvalidInstanceId) when calling the SendCommand operation: not there",
    );
  });
});
