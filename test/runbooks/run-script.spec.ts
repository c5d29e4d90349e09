import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadRunbook } from "../../runbooks/loader/runbook.js";
import type { Json } from "../../runbooks/loader/step.js";
import type { Api } from "../../rehearsal/test/runbook/support.js";
import { play, refused } from "../../rehearsal/test/runbook/support.js";

const FILE = join(__dirname, "../../runbooks/run-script.yaml");
const EXECUTION = "00000000-0000-4000-8000-000000000001";
const COMMENT = `20260105t080000z-abc123 ${EXECUTION}`;
const FOLDER = "output/111122223333/eu-central-1/20260105t080000z-abc123";
const parameters: Readonly<Record<string, Json>> = {
  AutomationAssumeRole: "arn:aws:iam::111122223333:role/r",
  Document: "cf-script-ports",
  DocumentOwner: "444455556666",
  Parameters: { Days: ["3"] },
  TargetKey: "tag:Role",
  TargetValues: ["web", "db"],
  RunId: "20260105t080000z-abc123",
  OutputBucket: "bucket-1",
  MaxConcurrency: "10%",
  MaxErrors: "1",
  DeliveryTimeoutSeconds: 60,
};

interface Answer {
  readonly id: string;
  readonly status?: string;
  readonly details?: string;
  /** By step; a skipped one is there too, as AWS lists it. */
  readonly output?: string;
  readonly code?: number;
  readonly platform?: string;
  /** Streams that are in the bucket. */
  readonly kept?: readonly string[];
  /** Whether the host was reached at all. */
  readonly reached?: boolean;
}

const at = (time: string) => new Date(`2026-01-05T08:${time}Z`);

function invocation({ id, status = "Success", reached = true, ...answer }: Answer) {
  const plugin = (Name: string, Output: string, ResponseCode: number, minute: string) => ({
    Name,
    Output,
    ResponseCode,
    ResponseStartDateTime: at(`${minute}:00`),
    ResponseFinishDateTime: at(`${minute}:30`),
  });
  const skipped = "Step execution skipped due to unsatisfied preconditions: …";
  return {
    CommandId: "c-1",
    InstanceId: id,
    InstanceName: `name of ${id}`,
    RequestedDateTime: at("04:58"),
    Status: status,
    StatusDetails: answer.details ?? status,
    CommandPlugins: reached
      ? [
          plugin("linux", answer.output ?? "", answer.code ?? 0, "05"),
          plugin("windows", skipped, 0, "09"),
        ]
      : [],
  };
}

const step = (FailureMessage?: string) => ({
  StepName: "runScript",
  StepStatus: "Failed",
  ExecutionStartTime: at("02:30"),
  ...(FailureMessage !== undefined && { FailureMessage }),
});

/** Run Command and S3 where these hosts answer; pages of two, so that every list is paged. */
async function run(answers: readonly Answer[], apis: Readonly<Record<string, Api>> = {}) {
  const written: Record<string, string> = {};
  const page = <T>(all: readonly T[], token: unknown): { items: readonly T[]; next?: string } => {
    const start = Number(token ?? 0);
    const next = start + 2 < all.length ? String(start + 2) : undefined;
    return { items: all.slice(start, start + 2), ...(next !== undefined && { next }) };
  };
  const keys = answers.flatMap(({ id, kept = [] }) =>
    kept.map((stream) => ({ Key: `${FOLDER}/c-1/${id}/awsrunShellScript/linux/${stream}` })),
  );
  const commands = [{ CommandId: "c-2" }, { CommandId: "c-3", Comment: "another" }, {}].map(
    (answer) => ({ Comment: "", ...answer }),
  );
  const status = answers.some((answer) => (answer.status ?? "Success") !== "Success")
    ? "Failed"
    : "Success";
  const played = await play(readFileSync(FILE, "utf8"), {
    parameters,
    apis: {
      "ssm:SendCommand": () => ({ Command: { CommandId: "c-1" } }),
      "ssm:ListCommands": ({ CommandId, NextToken }) => {
        if (CommandId !== undefined) return { Commands: [{ CommandId, Status: status }] };
        const all = [...commands, { CommandId: "c-1", Comment: COMMENT }];
        const { items, next } = page(all, NextToken);
        return { Commands: items, NextToken: next };
      },
      "ssm:ListCommandInvocations": ({ NextToken }) => {
        const { items, next } = page(answers.map(invocation), NextToken);
        return { CommandInvocations: items, NextToken: next };
      },
      "ssm:DescribeAutomationStepExecutions": () => ({ StepExecutions: [step()] }),
      "ssm:DescribeInstanceInformation": () => ({
        InstanceInformationList: answers.map(({ id, platform = "Linux" }) => ({
          InstanceId: id,
          PlatformType: platform,
        })),
      }),
      "s3:ListObjectsV2": ({ ContinuationToken }) => {
        const { items, next } = page(keys, ContinuationToken);
        return { Contents: items, IsTruncated: next !== undefined, NextContinuationToken: next };
      },
      "s3:PutObject": ({ Key, Body }) => {
        written[String(Key)] = Buffer.from(Body as Uint8Array).toString();
        return {};
      },
      ...apis,
    },
  });
  const lines = Object.values(written)[0]?.trim().split("\n") ?? [];
  return {
    ...played,
    written,
    records: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    reason: played.execution.steps[1]?.reason,
  };
}

describe("run-script.yaml", function () {
  this.timeout(60_000);

  it("costs two steps, however many hosts there are", () => {
    expect(loadRunbook(FILE).steps.map(({ action }) => action)).to.deep.equal([
      "aws:runCommand",
      "aws:executeScript",
    ]);
  });

  it("sends one command, whose document is that of the Region and whose output goes under the account", async () => {
    const { inputs, calls } = await run([{ id: "i-1" }]);
    expect(calls[0]).to.equal("ssm:SendCommand");
    expect(inputs[0]).to.deep.equal({
      DocumentName: "arn:aws:ssm:eu-central-1:444455556666:document/cf-script-ports",
      Parameters: { Days: ["3"] },
      Targets: [{ Key: "tag:Role", Values: ["web", "db"] }],
      Comment: COMMENT,
      MaxConcurrency: "10%",
      MaxErrors: "1",
      TimeoutSeconds: 60,
      OutputS3BucketName: "bucket-1",
      OutputS3KeyPrefix: FOLDER,
    });
    expect(COMMENT.length).to.be.at.most(100);
  });

  it("records a line for each host", async () => {
    const { execution, records, written } = await run([
      { id: "i-1", output: "80\n", kept: ["stdout"] },
      {
        id: "i-2",
        output: "80\n\n----------ERROR-------\nodd",
        kept: ["stdout", "stderr"],
        platform: "Windows",
      },
      { id: "i-3" },
    ]);
    const line = {
      run: "20260105t080000z-abc123",
      account: "111122223333",
      region: "eu-central-1",
      commandId: "c-1",
      instanceId: "i-1",
      name: "name of i-1",
      platform: "Linux",
      status: "Success",
      statusDetails: "Success",
      responseCode: 0,
      askedAt: "2026-01-05T08:04:58Z",
      startedAt: "2026-01-05T08:05:00Z",
      endedAt: "2026-01-05T08:05:30Z",
      outputWritten: true,
      document: "cf-script-ports",
    };
    const key = `invocations/111122223333/eu-central-1/20260105t080000z-abc123/${EXECUTION}.jsonl`;
    expect(Object.keys(written)).to.deep.equal([key]);
    expect(records).to.deep.equal([
      line,
      { ...line, instanceId: "i-2", name: "name of i-2", platform: "Windows" },
      { ...line, instanceId: "i-3", name: "name of i-3" },
    ]);
    expect(execution.status).to.equal("Success");
    expect(execution.outputs).to.deep.equal({
      "record.CommandId": ["c-1"],
      "record.Hosts": ["3"],
      "record.Object": [key],
    });
  });

  it("fails where hosts failed, after it recorded them all, and names the first few", async () => {
    const failed: Answer = { id: "i-3", status: "Failed", output: "x", code: 3, kept: ["stdout"] };
    const { execution, records, reason } = await run([
      { id: "i-1" },
      { id: "i-2", status: "TimedOut", details: "DeliveryTimedOut", reached: false },
      failed,
      ...[4, 5, 6, 7].map((id) => ({ ...failed, id: `i-${id}` })),
    ]);
    expect(execution.status).to.equal("Failed");
    expect(
      records.map((record) => [record["statusDetails"], record["responseCode"]]),
    ).to.deep.equal([
      ["Success", 0],
      ["DeliveryTimedOut", -1],
      ["Failed", 3],
      ...[4, 5, 6, 7].map(() => ["Failed", 3]),
    ]);
    expect(records[1]).to.include({ startedAt: null, endedAt: null, outputWritten: true });
    expect(reason).to.equal(
      "RuntimeError - 6 of 7 hosts failed: i-2 (name of i-2): DeliveryTimedOut; i-3 (name of i-3): Failed, code 3; " +
        "i-4 (name of i-4): Failed, code 3; i-5 (name of i-5): Failed, code 3; i-6 (name of i-6): Failed, code 3; and 1 more",
    );
  });

  it("fails where a host printed what is not in the bucket, though its script succeeded", async () => {
    const { execution, records, reason } = await run([
      { id: "i-1", output: "80\n", kept: ["stdout"] },
      { id: "i-2", output: "80\n\n----------ERROR-------\nodd", kept: ["stdout"] },
      { id: "i-3", status: "Failed", output: "80\n", code: 1 },
    ]);
    expect(execution.status).to.equal("Failed");
    expect(records.map(({ outputWritten }) => outputWritten)).to.deep.equal([true, false, false]);
    expect(reason).to.equal(
      "RuntimeError - 2 of 3 hosts failed: i-2 (name of i-2): its output is not in bucket-1: may the host write there, " +
        "and is there a way to S3?; i-3 (name of i-3): Failed, code 1, output not in bucket-1",
    );
  });

  it("succeeds with nothing to record where no host fits", async () => {
    const { execution, written } = await run([]);
    expect(execution.status).to.equal("Success");
    expect(execution.outputs["record.Hosts"]).to.deep.equal(["0"]);
    expect(written).to.deep.equal({});
  });

  it("fails with the reason where no command was sent", async () => {
    const { execution, reason } = await run([], {
      "ssm:SendCommand": () => refused("InvalidDocument", "no such document"),
      "ssm:ListCommands": () => ({ Commands: [] }),
      "ssm:DescribeAutomationStepExecutions": () => ({
        StepExecutions: [
          step(
            "Step fails when it is Execute/Cancelling action. (InvalidDocument)\n  no such document",
          ),
        ],
      }),
    });
    expect(execution.status).to.equal("Failed");
    expect(reason).to.equal(
      "RuntimeError - no command was sent: (InvalidDocument) no such document; is it shared with this account in this Region?",
    );
  });

  it("fails where the bucket cannot be read or written", async () => {
    const answers = [{ id: "i-1" }];
    const unread = await run(answers, { "s3:ListObjectsV2": () => refused("AccessDenied") });
    const key = `invocations/111122223333/eu-central-1/20260105t080000z-abc123/${EXECUTION}.jsonl`;
    expect(unread.execution.status).to.equal("Failed");
    expect(unread.reason).to.equal(
      `RuntimeError - it is not known whether the output is in s3://bucket-1/${FOLDER}/c-1/: An error occurred (AccessDenied) when calling the ListObjectsV2 operation: no`,
    );
    const unwritten = await run(answers, { "s3:PutObject": () => refused("AccessDenied") });
    expect(unwritten.execution.status).to.equal("Failed");
    expect(unwritten.reason).to.equal(
      `RuntimeError - 1 hosts answered, but s3://bucket-1/${key} cannot be written: An error occurred (AccessDenied) when calling the PutObject operation: no`,
    );
  });
});
