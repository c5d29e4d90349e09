import { expect } from "chai";
import type { IdentityCenterAccessArgs } from "../../../components/sessions/identity-center-access.js";
import { IdentityCenterAccess } from "../../../components/sessions/identity-center-access.js";
import { inMember } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const instanceArn = "arn:aws:sso:::instance/ssoins-1";
const center = { arns: [instanceArn], identityStoreIds: ["d-1"] };

const programWith = (found: typeof center = center): Promise<MockedProgram> =>
  mockProgram({ invokes: { "aws:ssoadmin/getInstances:getInstances": () => found } });

const access = (args: Partial<IdentityCenterAccessArgs> = {}) =>
  new IdentityCenterAccess(
    "people",
    {
      partition: "aws",
      prefix: "cf",
      region: "eu-central-1",
      accountIds: ["222222222222", "333333333333"],
      ...args,
    },
    inMember(),
  );

describe("IdentityCenterAccess", () => {
  it("assigns its permission set to its group in each account, once it has its policy", async () => {
    const program = await programWith();
    access();
    await program.settled();
    const assignments = program.all("aws:ssoadmin/accountAssignment:AccountAssignment");
    expect(assignments.map(({ inputs }) => inputs)).to.deep.equal(
      ["222222222222", "333333333333"].map((targetId) => ({
        instanceArn,
        permissionSetArn: "arn:of:people-permissions",
        principalType: "GROUP",
        principalId: "people-group-group-id",
        targetType: "AWS_ACCOUNT",
        targetId,
        region: "eu-central-1",
      })),
    );
    const { urn } = program.only(
      "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    );
    for (const { dependsOn } of assignments) expect(dependsOn).to.include(urn);
    expect(program.only("aws:identitystore/group:Group").inputs).to.deep.equal({
      displayName: "cf-sessions",
      description: "People who open Session Manager sessions on managed hosts",
      identityStoreId: "d-1",
      region: "eu-central-1",
    });
  });

  it("allows in every account what the session role allows in one", async () => {
    const program = await programWith();
    access({ partition: "aws-cn" });
    await program.settled();
    expect(program.only("aws:ssoadmin/permissionSet:PermissionSet").inputs).to.deep.equal({
      name: "cf-sessions",
      description: "Allows Session Manager sessions on managed hosts",
      instanceArn,
      sessionDuration: "PT8H",
      region: "eu-central-1",
    });
    const { inputs } = program.only(
      "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
    );
    const policy = JSON.parse(String(inputs["inlinePolicy"])) as {
      Statement: { Sid: string; Resource: string }[];
    };
    expect(policy.Statement.map(({ Sid, Resource }) => [Sid, Resource])).to.deep.equal([
      ["OpenSessions", "arn:aws-cn:ec2:*:*:instance/*"],
      ["UseShellDocument", "arn:aws-cn:ssm:*:*:document/SSM-SessionManagerRunShell"],
      ["TalkToOwnSessions", "arn:aws-cn:ssm:*:*:session/${aws:userid}-*"],
      ["EndOwnSessions", "arn:aws-cn:ssm:*:*:session/*"],
      ["FindHosts", "*"],
    ]);
  });

  it("takes a group that is there already", async () => {
    const program = await programWith();
    access({ groupId: "11111111-2222-3333-4444-555555555555", accountIds: ["222222222222"] });
    await program.settled();
    expect(program.all("aws:identitystore/group:Group")).to.deep.equal([]);
    const { inputs } = program.only("aws:ssoadmin/accountAssignment:AccountAssignment");
    expect(inputs["principalId"]).to.equal("11111111-2222-3333-4444-555555555555");
  });

  it("refuses a Region without Identity Center", async () => {
    const program = await programWith({ arns: [], identityStoreIds: [] });
    access({ groupId: "11111111-2222-3333-4444-555555555555" });
    const { message } = await program.failure();
    expect(message).to.include(
      "fleet:identityCenter: expected IAM Identity Center in eu-central-1, found none; enable it, or name its Region",
    );
  });
});
