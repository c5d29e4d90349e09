import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cloud } from "../../cloud/cloud.js";
import type { ProgramRun } from "../../program/program.js";
import { Programs } from "../../program/programs.js";
import { readProject } from "../../program/stack-files.js";
import { OTHER as ACCOUNT, TestCloud } from "../support/test-cloud.js";

const PROJECT = resolve(__dirname, "..", "..", "..");

const HEAD = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const provider = new aws.Provider("account", { region: "eu-central-1", allowedAccountIds: ["${ACCOUNT}"] });
`;

describe("a program in the rehearsal", function () {
  this.timeout(120_000);
  let folder: string;
  let cloud: Cloud;

  beforeEach(() => {
    mkdirSync(join(PROJECT, ".build"), { recursive: true });
    // Inside the project, so that the program finds the packages.
    folder = mkdtempSync(join(PROJECT, ".build", "program-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: tiny\nmain: index.ts\n");
    cloud = new TestCloud().cloud;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const programOf = (body: string, config = {}, credentials = ACCOUNT): ProgramRun => {
    writeFileSync(join(folder, "index.ts"), HEAD + body);
    const stack = { name: "one", file: "Pulumi.one.yaml", config };
    return { cloud, project: readProject(folder), stack, credentials, before: [] };
  };
  const refusal = async (run: ProgramRun): Promise<string> => {
    try {
      await new Programs().run(run);
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    return "nothing was refused";
  };

  it("puts its resources into the cloud and gets what a provider would return", async () => {
    const { resources, outputs } = await new Programs().run(
      programOf(
        `
        const queue = new aws.sqs.Queue("q", {}, { provider });
        export const arn = queue.arn;
        export const greeting = new pulumi.Config().require("greeting");
      `,
        { "tiny:greeting": "hello" },
      ),
    );
    expect(resources.map(({ type, name }) => [type, name])).to.deep.equal([
      ["aws:sqs/queue:Queue", "q"],
    ]);
    expect(outputs["arn"]).to.match(
      new RegExp(`^arn:aws:sqs:eu-central-1:${ACCOUNT}:q-[0-9a-f]{7}$`),
    );
    expect(outputs["greeting"]).to.equal("hello");
    expect(cloud.sqs.all.map(({ arn }) => arn)).to.deep.equal([outputs["arn"]]);
  });

  it("runs once for the same settings, and every cloud gets the same", async () => {
    const programs = new Programs();
    const run = programOf(`
      new aws.sqs.Queue("q", {}, { provider });
      export const run = Math.random();
    `);
    const first = await programs.run(run);
    const other = new TestCloud().cloud;
    const second = await programs.run({ ...run, cloud: other });
    expect(second.outputs).to.deep.equal(first.outputs);
    expect(other.sqs.all.map(({ arn }) => arn)).to.deep.equal(cloud.sqs.all.map(({ arn }) => arn));
    const changed = await programs.run({
      ...run,
      cloud: new TestCloud().cloud,
      stack: { ...run.stack, name: "two" },
    });
    expect(changed.outputs).to.not.deep.equal(first.outputs);
  });

  it("runs in the process of the program before, which leaves nothing behind", async () => {
    const programs = new Programs();
    const run = programOf(`
      import { count } from "./count";
      new aws.sqs.Queue("q" + count(), {}, { provider });
      export const process = globalThis.process.pid;
      export const stack = pulumi.getStack();
      export const greeting = new pulumi.Config().get("greeting");
    `);
    writeFileSync(
      join(folder, "count.ts"),
      "let calls = 0;\nexport const count = () => (calls += 1);\n",
    );
    const greeting = { ...run.stack, config: { "tiny:greeting": "hello" } };
    const first = await programs.run({ ...run, stack: greeting });
    const second = await programs.run({
      ...run,
      cloud: new TestCloud().cloud,
      stack: { ...run.stack, name: "two" },
    });
    expect(first.outputs).to.include({ stack: "one", greeting: "hello" });
    expect(second.outputs).to.deep.equal({ process: first.outputs["process"], stack: "two" });
    expect([first, second].map(({ resources }) => resources.map(({ name }) => name))).to.deep.equal(
      [["q1"], ["q1"]],
    );
    await programs.close();
  });

  it("names a resource type and a property that are not modelled", async () => {
    await new Programs().run(
      programOf(`
        new aws.dynamodb.Table("t", { attributes: [] }, { provider });
        new aws.sqs.Queue("q", { delaySeconds: 3 }, { provider });
      `),
    );
    // In the order in which their registrations arrive, which is not that of the program.
    expect([...cloud.notRehearsed.keys()].sort()).to.deep.equal([
      "aws:dynamodb/table:Table",
      "aws:sqs/queue:Queue, property delaySeconds",
    ]);
  });

  it("is refused a resource without an explicit provider", async () => {
    expect(await refusal(programOf('new aws.sqs.Queue("q");'))).to.equal(
      'UserError: stack one (Pulumi.one.yaml): aws:sqs/queue:Queue "q": it has no explicit provider, and default ' +
        "providers are disabled for this stack",
    );
  });

  it("is refused with the credentials of another account", async () => {
    const text = await refusal(
      programOf('new aws.sqs.Queue("q", {}, { provider });', {}, "444444444444"),
    );
    expect(text).to.include("AWS account ID not allowed: 444444444444");
    expect(cloud.sqs.all).to.deep.equal([]);
  });

  const refused: [what: string, body: string, text: string][] = [
    [
      "a malformed policy",
      'new aws.iam.Role("r", { assumeRolePolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole" }] } as never }, { provider });',
      'aws:iam/role:Role "r" in account 333333333333: MalformedPolicyDocument',
    ],
    [
      "a rule's pattern that EventBridge does not take",
      'new aws.cloudwatch.EventRule("r", { eventPattern: JSON.stringify({ source: "aws.ec2" }) }, { provider });',
      "InvalidEventPatternException",
    ],
    [
      "a document's own ARN as a target",
      `const rule = new aws.cloudwatch.EventRule("r", { eventPattern: JSON.stringify({ source: ["aws.ec2"] }) }, { provider });
       new aws.cloudwatch.EventTarget("t", { rule: rule.name, arn: "arn:aws:ssm:eu-central-1:${ACCOUNT}:document/x" }, { provider });`,
      "RunCommandParameters is required",
    ],
    [
      "a bucket's name that S3 does not take",
      'new aws.s3.Bucket("b", { bucket: "Upper" }, { provider });',
      'InvalidBucketName: The specified bucket is not valid: "Upper"',
    ],
    [
      "a runbook that AWS's schema does not know",
      `const content = JSON.stringify({ schemaVersion: "0.3", mainSteps: [{ name: "a", action: "aws:fly" }] });
       new aws.ssm.Document("d", { name: "doc", documentType: "Automation", content }, { provider });`,
      "InvalidDocumentContent",
    ],
  ];
  for (const [what, body, text] of refused) {
    it(`is refused ${what}, as AWS would`, async () => {
      expect(await refusal(programOf(body)))
        .to.include("UserError: stack one")
        .and.include(text);
    });
  }

  it("reports what a program wrote before it ended without a result", async () => {
    const body = 'process.stderr.write("last words"); process.exit(3);';
    expect(await refusal(programOf(body))).to.match(/exit code 3 and no result\nlast words/);
  });

  it("reports a bug of the program with its stack, in the lines of the file", async () => {
    const body = "const one = 1;\\n\\n\\nthrow new Error(`broken ${one}`);";
    expect(await refusal(programOf(body.replaceAll("\\n", "\n")))).to.match(
      /broken 1\n\s+at .*index\.ts:8:/,
    );
  });
});
