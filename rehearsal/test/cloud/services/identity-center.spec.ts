import { expect } from "chai";
import type { Properties } from "../../../kernel/resource.js";
import { LOG, MEMBER, OTHER, REGION, TestCloud } from "../../support/test-cloud.js";
import { refusal } from "../refusal.js";

describe("IAM Identity Center in the local cloud", () => {
  let testCloud: TestCloud;
  let instanceArn: string;

  beforeEach(async () => {
    testCloud = new TestCloud();
    testCloud.cloud.identityCenter.administrator = LOG;
    [instanceArn = ""] = (await instances())["arns"] as string[];
  });

  const instances = () =>
    testCloud.deployer(LOG).invoke("aws:ssoadmin/getInstances:getInstances", {}, REGION);
  const create = (type: string, inputs: Properties, account = LOG) =>
    testCloud.create(type, "test", inputs, { account });
  const permissionSet = (inputs: Properties = {}, account = LOG) =>
    create(
      "aws:ssoadmin/permissionSet:PermissionSet",
      { name: "s", instanceArn, ...inputs },
      account,
    );
  const group = () =>
    create("aws:identitystore/group:Group", { displayName: "g", identityStoreId: "d-1" });

  async function assign(targetId: string) {
    const set = await permissionSet();
    const { state } = await group();
    return create("aws:ssoadmin/accountAssignment:AccountAssignment", {
      instanceArn,
      permissionSetArn: set.state["arn"],
      principalType: "GROUP",
      principalId: state["groupId"],
      targetType: "AWS_ACCOUNT",
      targetId,
    });
  }

  it("is nowhere until an account administers it", async () => {
    delete testCloud.cloud.identityCenter.administrator;
    expect(await instances()).to.deep.include({ arns: [], identityStoreIds: [] });
  });

  it("knows who has which permission set where, until it is taken away", async () => {
    const assignment = await assign(MEMBER);
    expect(testCloud.cloud.identityCenter.assigned).to.deep.equal([`g s ${MEMBER}`]);
    await testCloud.deployer(LOG).delete(assignment);
    expect(testCloud.cloud.identityCenter.assigned).to.deep.equal([]);
  });

  it("renames a group in place and knows the tags of a permission set", async () => {
    const created = await group();
    const { inputs } = created;
    const renamed = await testCloud.deployer(LOG).update(created, { ...inputs, displayName: "h" });
    expect(renamed.state["groupId"]).to.equal(created.state["groupId"]);
    const set = await permissionSet({ tags: { a: "b" } });
    expect(testCloud.deployer(LOG).read(set)?.inputs["tags"]).to.deep.equal({ a: "b" });
  });

  const refused: readonly [what: string, act: () => Promise<unknown>, text: string][] = [
    [
      "accounts that do not administer it",
      () => permissionSet({}, MEMBER),
      "AccessDeniedException",
    ],
    [
      "names that are too long",
      () => permissionSet({ name: "a".repeat(33) }),
      "must have 1-32 letters",
    ],
    ["days of one session", () => permissionSet({ sessionDuration: "P1D" }), "must be PT1H-PT12H"],
    [
      "accounts that are not in the organisation",
      () => assign("444444444444"),
      "ResourceNotFoundException",
    ],
    [
      "the management account, where it is delegated",
      () => assign(OTHER),
      "cannot assign access to the management account",
    ],
    [
      "two permission sets of one name",
      async () => (await permissionSet(), permissionSet()),
      "PermissionSet with name s already exists",
    ],
    ["two groups of one name", async () => (await group(), group()), "g already exists"],
    [
      "the end of a permission set that somebody has",
      async () => {
        const { state } = await assign(MEMBER);
        const id = `${String(state["permissionSetArn"])},${instanceArn}`;
        const type = "aws:ssoadmin/permissionSet:PermissionSet";
        await testCloud.deployer(LOG).delete({ type, name: "s", id, region: REGION });
      },
      "has AccountAssignments",
    ],
    [
      "a policy that is none",
      async () => {
        const { state } = await permissionSet();
        return create("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
          instanceArn,
          permissionSetArn: state["arn"],
          inlinePolicy: "{}",
        });
      },
      "MalformedPolicyDocument",
    ],
  ];
  for (const [what, act, text] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(act())).to.include(text);
    });
  }
});
