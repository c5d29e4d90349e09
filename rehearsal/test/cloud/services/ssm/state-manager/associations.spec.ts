import { expect } from "chai";
import { refusal } from "../../../refusal.js";
import { BUCKET, MEMBER, TestCloud } from "../../../../support/test-cloud.js";

const HOUR = 3_600_000;
const TYPE = "aws:ssm/association:Association";

describe("SsmAssociations", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const associate = (inputs: object = {}) =>
    testCloud.create(TYPE, "test", {
      name: "AWS-RunShellScript",
      associationName: "held",
      parameters: { commands: "echo hello" },
      targets: [{ key: "tag:Role", values: ["web"] }],
      ...inputs,
    });
  /** The events of State Manager until this many hours after the beginning. */
  const timelineAfter = async (hours?: number) => {
    await testCloud.cloud.clock.run(
      hours === undefined ? undefined : Date.UTC(2026, 0, 5, 8) + hours * HOUR,
    );
    return testCloud.cloud.timeline
      .filter(({ source }) => source === "State Manager")
      .map(({ text }) => text);
  };
  const well = "association held: Success";

  it("run when they are made, and on the hosts that they mean alone", async () => {
    const web = await testCloud.host("web", { Role: "web" });
    testCloud.launch("db", web.instanceProfileArn, { Role: "db" });
    await testCloud.cloud.clock.run();
    await associate();
    expect(await timelineAfter()).to.deep.equal([well]);
  });

  it("run on a host that comes later as soon as it is online, once", async () => {
    await associate();
    expect(await timelineAfter()).to.deep.equal([]);
    const web = await testCloud.host("web", { Role: "web" });
    expect(await timelineAfter()).to.deep.equal([well]);
    testCloud.cloud.ec2.stop(web);
    await testCloud.cloud.clock.run();
    testCloud.cloud.ec2.start(web);
    expect(await timelineAfter()).to.deep.equal([well]);
  });

  it("run at their hours, and only then where they wait for them", async () => {
    await testCloud.host("web", { Role: "web" });
    await associate({ scheduleExpression: "rate(1 hour)", applyOnlyAtCronInterval: true });
    expect(await timelineAfter()).to.deep.equal([]);
    expect(await timelineAfter(2.5)).to.deep.equal([well, well]);
  });

  it("run again when they change, and never when they are gone", async () => {
    await testCloud.host("web", { Role: "web" });
    const association = await associate({ scheduleExpression: "rate(1 hour)" });
    expect(await timelineAfter()).to.have.length(1);
    const inputs = { ...association.inputs, parameters: { commands: "exit 3" } };
    const changed = await testCloud.deployer(MEMBER).update(association, inputs);
    expect((await timelineAfter())[1]).to.equal("association held: Failed");
    await testCloud.deployer(MEMBER).delete(changed);
    expect(await timelineAfter(5)).to.have.length(2);
  });

  it("skip the hosts that are left after too many errors", async () => {
    const web = await testCloud.host("web", { Role: "web" });
    for (const name of ["b", "c"]) testCloud.launch(name, web.instanceProfileArn, { Role: "web" });
    await testCloud.cloud.clock.run();
    await associate({ parameters: { commands: "exit 1" }, maxConcurrency: "1", maxErrors: "0" });
    expect(await timelineAfter()).to.deep.equal([
      "association held: Failed",
      "association held: Skipped",
      "association held: Skipped",
    ]);
  });

  it("keep the output under the host, the association and its execution", async () => {
    await testCloud.bucket();
    const { id } = await testCloud.host("web", { Role: "web" });
    const outputLocation = { s3BucketName: BUCKET, s3KeyPrefix: "output/x" };
    const association = await associate({ outputLocation });
    await timelineAfter();
    const puts = testCloud.cloud.timeline.filter(({ text }) => text.includes("cannot be kept in"));
    expect(puts.map(({ text }) => text.replace(/[0-9a-f-]{36}/g, "<id>"))).to.have.length(1);
    expect(puts[0]?.text).to.match(
      new RegExp(
        `s3://${BUCKET}/output/x/${id}/${association.id}/[0-9a-f-]{36}/awsrunShellScript/0.awsrunShellScript/stdout`,
      ),
    );
  });

  it("fail on a host whose role may not fetch the document", async () => {
    const own = { name: "own", documentType: "Command" };
    const content = JSON.stringify({
      schemaVersion: "2.2",
      mainSteps: [{ action: "aws:runShellScript", name: "a", inputs: { runCommand: ["true"] } }],
    });
    await testCloud.create("aws:ssm/document:Document", "test", { ...own, content });
    const Action = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:*",
      "ssm:ListInstanceAssociations",
    ];
    const statement = { Effect: "Allow", Action, Resource: "*" };
    const profile = await testCloud.profile([]);
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      name: "little",
      role: "host",
      policy: { Version: "2012-10-17", Statement: [statement] },
    });
    testCloud.launch("web", profile, { Role: "web" });
    await associate({ name: "own", parameters: {} });
    expect(await timelineAfter()).to.deep.equal(["association held: Failed"]);
    expect(testCloud.cloud.timeline.map(({ text }) => text).join("\n")).to.match(
      /the agent cannot carry out an association: .*ssm:GetDocument/,
    );
  });

  const refused: [what: string, inputs: object, text: string][] = [
    [
      "a rate under half an hour",
      { scheduleExpression: "rate(15 minutes)" },
      "30 minutes at least",
    ],
    ["a month", { scheduleExpression: "cron(0 3 ? 6 * *)" }, "does not take months"],
    ["a document that there is not", { name: "none" }, "none"],
    ["six targets", { targets: Array(6).fill({ key: "tag:a", values: ["b"] }) }, "at most 5"],
    [
      "a bucket that there is not",
      { outputLocation: { s3BucketName: "none" } },
      "does not exist: none",
    ],
    ["a share over the whole", { maxConcurrency: "110%" }, "at 'maxConcurrency'"],
    ["a severity that is none", { complianceSeverity: "BAD" }, "at 'complianceSeverity'"],
  ];
  for (const [what, inputs, text] of refused) {
    it(`are refused with ${what}`, async () => {
      expect(await refusal(associate(inputs))).to.include(text);
    });
  }
});
