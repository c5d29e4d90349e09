import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import {
  CreateOpsItemCommand,
  DescribeInstanceInformationCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { LogOutputs } from "../../lib/log-outputs.js";
import { refused } from "./server/support.js";

const PROJECT = resolve(__dirname, "..", "..");

/** `npm run rehearse -- --serve …` in a process of its own, and what it has written so far. */
class Serving {
  text = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(...args: string[]) {
    const main = join(PROJECT, "rehearsal", "main.ts");
    this.child = spawn(process.execPath, ["--require", "tsx/cjs", main, "--serve", ...args], {
      env: { ...process.env, CI: "true" },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (data: Buffer) => (this.text += data.toString()));
    this.ended = new Promise((done) => this.child.once("exit", done));
  }

  async until(text: string): Promise<void> {
    let hasEnded = false;
    void this.ended.then(() => (hasEnded = true));
    while (!this.text.includes(text)) {
      if (hasEnded) throw new Error(`ended without "${text}": ${this.text}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  interrupt(): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.ended;
  }

  /** What the line to copy for an account puts into the environment. */
  exported(account: string): Record<string, string> {
    const line = this.text.split("\n").find((line) => line.includes(`AKIALOCL${account}`)) ?? "";
    const pairs = line.replace(/^unset .*; export /, "").split(" ");
    return Object.fromEntries(pairs.map((pair) => pair.split("=", 2)) as [string, string][]);
  }
}

describe("npm run rehearse -- --serve", function () {
  this.timeout(120_000);
  const before = { ...process.env };
  let serving: Serving | undefined;
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-serve-"))));
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    process.env = { ...before };
    await serving?.interrupt();
    serving = undefined;
  });

  it("serves the deployment to clients with a copied line, reports calls and what is unknown, and ends on Ctrl-C", async () => {
    serving = new Serving(
      "--port",
      "0",
      "--speed",
      "60",
      "--verbose",
      "--partition",
      "aws-cn",
      "--outputs",
      folder,
    );
    await serving.until("Ctrl-C ends it.");
    await serving.until("AKIALOCL222222222222");
    expect(serving.text).to.match(/^The local cloud is served at http:\/\/127\.0\.0\.1:\d+\. /m);
    expect(serving.text).to.match(/it goes on 60 times as fast as the clock on the wall\.$/m);
    expect(serving.text).to.match(/^# member: account 222222222222, cn-north-1, \d+ resources$/m);
    expect(serving.text).to.match(/^# hosts: web i-[0-9a-f]{17}/m);
    Object.assign(process.env, serving.exported("222222222222"));
    const { Arn } = await new STSClient().send(new GetCallerIdentityCommand({}));
    expect(Arn).to.equal("arn:aws-cn:sts::222222222222:assumed-role/FleetDeployer/operator");
    const ssm = new SSMClient();
    const { InstanceInformationList = [] } = await ssm.send(
      new DescribeInstanceInformationCommand({}),
    );
    expect(InstanceInformationList.map(({ PingStatus }) => PingStatus)).to.include("Online");
    const item = new CreateOpsItemCommand({ Title: "a", Source: "b", Description: "c" });
    expect((await refused(ssm.send(item))).name).to.equal("UnknownOperationException");
    const outputs = JSON.parse(readFileSync(join(folder, "log.json"), "utf8")) as LogOutputs;
    expect(outputs).to.include({ account: "111111111111", partition: "aws-cn" });
    expect(outputs.regions).to.deep.equal(["cn-north-1"]);
    expect(await serving.interrupt()).to.equal(0);
    for (const line of [
      /^\d\d:\d\d:\d\d 222222222222 cn-north-1 sts:GetCallerIdentity$/m,
      /^\d\d:\d\d:\d\d 222222222222 cn-north-1 ssm:CreateOpsItem NotRehearsed: not rehearsed: ssm:CreateOpsItem: /m,
      /^Served until 2026-01-05T\d\d:\d\d:\d\dZ of the cloud's time\.\nNot rehearsed:\n {2}ssm:CreateOpsItem, 1 times\n$/m,
    ])
      expect(serving.text).to.match(line);
  });

  it("ends with 1 where the port is taken, and for what makes no sense with it", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => taken.once("listening", done));
    const { port } = taken.address() as AddressInfo;
    serving = new Serving("--port", String(port));
    expect(await serving.ended).to.equal(1);
    expect(serving.text).to.include(
      `--port ${port}: something else listens there; name another, or none for one that is free`,
    );
    taken.close();
    for (const [args, error] of [
      [["--speed", "0"], "--speed: expected 0.1 to 86400."],
      [["--json", "x"], "option '--serve' cannot be used with option '--json <file>'"],
      [["--scenario", "a", "b"], "--serve: expected one --scenario at most"],
    ] as const) {
      serving = new Serving(...args);
      expect(await serving.ended).to.equal(1);
      expect(serving.text).to.include(error);
    }
  });
});
