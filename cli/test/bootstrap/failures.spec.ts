import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Programs } from "../../../rehearsal/program/programs.js";
import { serve } from "../../../rehearsal/server/server.js";
import { fleet } from "../support.js";
import { Member } from "./member.js";

describe("fleet bootstrap failures", function () {
  this.timeout(120_000);
  const programs = new Programs();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-failures-"));
  });
  after(async () => {
    await programs.close();
    rmSync(folder, { recursive: true });
  });

  it("reports an empty queue, with exit code 0", async () => {
    const member = await Member.after("bootstrap", programs, folder);
    expect(await member.fleet(["failures"])).to.deep.equal({
      code: 0,
      out: "no bootstrap has failed: the queues are empty\n",
      errors: "",
    });
  });

  it("lists a start that failed with EventBridge's cause, and leaves it in the queue", async () => {
    const member = await Member.after("missing-pass-role", programs, folder);
    const { id } = member.host();
    const { code, out, errors } = await member.fleet(["failures"]);
    expect([code, errors]).to.deep.equal([
      2,
      "2 messages about 1 host; fleet bootstrap redrive sends them again\n",
    ]);
    const lines = out.split("\n");
    expect(lines[0]).to.match(/^LAST +REGION +INSTANCE +TIMES +FAILED +NOW$/);
    expect(lines[1]).to.match(
      new RegExp(`^2026-01-05T08:00:15Z +eu-central-1 +${id} +2 +start +no`),
    );
    expect(lines[2]).to.equal("    NO_PERMISSIONS: User:");
    const words = out.replaceAll(/\s+/g, " ");
    expect(words).to.include("is not authorized to perform: iam:PassRole on resource:");
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
    expect([member.left(), member.visible()]).to.deep.equal([2, 2]);
  });

  it("lists a run that failed with its step, its cause and what the host is now", async () => {
    const member = await Member.after("failing-install", programs, folder);
    const { code, out } = await member.fleet(["failures", "--json"]);
    const { failures } = JSON.parse(out) as { failures: Record<string, unknown>[] };
    expect([code, failures.length]).to.deep.equal([2, 1]);
    const [failure] = failures;
    const { id, account, region } = member.host();
    const [run] = [...member.cloud.ssm.automations.executions.in(account, region).values()];
    expect(failure).to.deep.include({
      queue: "failures",
      region,
      instanceId: id,
      executionId: run?.id,
      code: "Failed",
      step: run?.steps.find(({ status }) => status === "Failed")?.name,
    });
    expect(failure?.["cause"]).to.match(
      /cf-package-fleet-facts failed: .* cannot copy 'fleet-facts'/,
    );
    expect(failure).not.to.have.property("receiptHandle");
    const now = failure?.["now"] as Record<string, unknown>;
    expect(now).to.include({ gone: false, state: "running", status: "Failed" });
    expect(member.visible()).to.equal(1);
  });

  it("counts messages about the same host, and says that it is gone", async () => {
    const member = await Member.after("missing-pass-role", programs, folder);
    const [queue] = member.cloud.sqs.all.filter(({ messages }) => messages.length > 0);
    const [message] = queue?.messages ?? [];
    if (queue === undefined || message === undefined) throw new Error("there is no message");
    queue.messages.push({ ...message, MessageId: message.MessageId.replace(/^./, "z") });
    member.cloud.ec2.terminate(member.host());
    await member.cloud.clock.run();
    const { out, errors } = await member.fleet(["failures"]);
    expect(out.replaceAll(/\s+/g, " ")).to.match(/ i-[0-9a-f]{17} 3 start gone /);
    expect(errors).to.match(/^3 messages about 1 host;/);
  });

  it("asks the endpoint that the environment names, the queues too", async () => {
    const member = await Member.after("missing-pass-role", programs, folder);
    const cloud = await serve(member.cloud, {
      clockSpeed: { perRequest: 1000 },
      broken: (error) => {
        throw error;
      },
    });
    const before = { ...process.env };
    Object.assign(process.env, cloud.environment(member.account, "eu-central-1"));
    try {
      const refusal = await fleet(folder, ["bootstrap", "failures", "--outputs", "outputs.json"], {
        folder,
      });
      expect(refusal).to.deep.include({
        code: 2,
        errors: "2 messages about 1 host; fleet bootstrap redrive sends them again\n",
      });
    } finally {
      process.env = before;
      await cloud.close();
    }
  });

  it("refuses a Region that the member has not, and outputs of another stack", async () => {
    const member = await Member.after("bootstrap", programs, folder);
    expect(await member.fleet(["failures", "--region", "us-east-1"])).to.deep.equal({
      code: 1,
      out: "",
      errors: "--region us-east-1: expected a Region of outputs.json: eu-central-1\n",
    });
    writeFileSync(join(folder, "log.json"), '{"bucket":"b","account":"1"}');
    const errorOf = (file: string) =>
      fleet(folder, ["bootstrap", "failures", "--outputs", file], { folder });
    expect((await errorOf("log.json")).errors).to.equal(
      "log.json: expected the outputs deadLetterQueueUrls and failureQueueUrls of a member stack, got bucket, account; --stack names a member, which must be deployed\n",
    );
    expect(await errorOf("none.json")).to.deep.include({ code: 1, out: "" });
  });

  it("says that the Pulumi CLI is missing", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = folder;
    try {
      expect(await fleet(folder, ["bootstrap", "failures"])).to.deep.equal({
        code: 1,
        out: "",
        errors:
          "pulumi: expected the command on the PATH, found none; install the Pulumi CLI and log in to the backend of the stacks, or name a file with them by --outputs\n",
      });
    } finally {
      process.env["PATH"] = path;
    }
  });
});
