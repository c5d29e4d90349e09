import { expect } from "chai";
import type { RoleSession } from "../../../../../kernel/principal.js";
import { refusal } from "../../../refusal.js";
import { LOG, MEMBER, REGION, TestCloud } from "../../../../support/test-cloud.js";

const CONTENT = JSON.stringify({
  schemaVersion: "2.2",
  description: "Says hello.",
  mainSteps: [
    { action: "aws:runShellScript", name: "say", inputs: { runCommand: ["echo hello"] } },
  ],
});

describe("documents without a stack", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const create = (more: object = {}, principal = testCloud.operator(LOG)) =>
    testCloud.call<{ DocumentDescription: Record<string, unknown> }>(
      "ssm",
      "CreateDocument",
      { Name: "cf-run-hello", Content: CONTENT, ...more },
      principal,
    );
  const remove = (principal = testCloud.operator(LOG)) =>
    testCloud.call("ssm", "DeleteDocument", { Name: "cf-run-hello" }, principal);
  const share = (ids: object) =>
    testCloud.call(
      "ssm",
      "ModifyDocumentPermission",
      { Name: "cf-run-hello", PermissionType: "Share", ...ids },
      testCloud.operator(LOG),
    );

  it("are command documents in JSON unless they say otherwise", async () => {
    const { DocumentDescription } = await create();
    expect(DocumentDescription).to.deep.include({
      Name: "cf-run-hello",
      Owner: LOG,
      Status: "Active",
      DocumentVersion: "1",
      DefaultVersion: "1",
      Description: "Says hello.",
      DocumentType: "Command",
      DocumentFormat: "JSON",
      SchemaVersion: "2.2",
      PlatformTypes: ["Linux", "MacOS"],
    });
    expect(await refusal(create())).to.equal(
      "DocumentAlreadyExists: Document with same name cf-run-hello already exists",
    );
  });

  it("are refused as those of a stack are, and with what is not modelled", async () => {
    expect(await refusal(create({ Content: "{}" }))).to.include("InvalidDocumentContent");
    expect(await refusal(create({ Name: "aws-hello" }))).to.include("reserved for AWS");
    expect(await refusal(create({ DisplayName: "Hello" }))).to.include(
      "not rehearsed: ssm:CreateDocument with DisplayName",
    );
  });

  it("are shared, and deleted once they are not", async () => {
    await create();
    await share({ AccountIdsToAdd: [MEMBER] });
    const arn = `arn:aws:ssm:${REGION}:${LOG}:document/cf-run-hello`;
    const describe = () => refusal(testCloud.call("ssm", "DescribeDocument", { Name: arn }));
    expect(await describe()).to.equal("it was taken");
    expect(await refusal(remove())).to.include("InvalidDocumentOperation");
    await share({ AccountIdsToRemove: [MEMBER] });
    await remove();
    expect(await describe()).to.include("InvalidDocument");
    expect(await refusal(remove())).to.include("InvalidDocument");
  });

  it("need permissions by their names", async () => {
    await testCloud.create(
      "aws:iam/role:Role",
      "test",
      {
        name: "runner",
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: LOG }, Action: "sts:AssumeRole" }],
        },
      },
      { account: LOG },
    );
    const document = `arn:aws:ssm:${REGION}:${LOG}:document/cf-run-*`;
    await testCloud.create(
      "aws:iam/rolePolicy:RolePolicy",
      "test",
      {
        name: "make",
        role: "runner",
        policy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "ssm:CreateDocument", Resource: document }],
        },
      },
      { account: LOG },
    );
    const runner: RoleSession = await testCloud.cloud.sts.assume({
      principal: testCloud.operator(LOG),
      roleArn: `arn:aws:iam::${LOG}:role/runner`,
      sessionName: "me",
      region: REGION,
    });
    expect(await refusal(create({ Name: "cf-other" }, runner))).to.include("ssm:CreateDocument");
    expect(await refusal(create({ Tags: [{ Key: "a", Value: "b" }] }, runner))).to.include(
      "ssm:AddTagsToResource",
    );
    expect(await refusal(create({}, runner))).to.equal("it was taken");
    expect(await refusal(remove(runner))).to.include("ssm:DeleteDocument");
  });
});
