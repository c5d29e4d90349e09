import { expect } from "chai";
import { checkScenario } from "../../../scenario/check/check.js";
import type { Expectations } from "../../../scenario/schema/scenario.js";
import { emptyScenario } from "../../../scenario/schema/scenario.js";
import { MEMBER, REGION, TestCloud } from "../../support/test-cloud.js";

/** The product's central promise: what its policies do not allow is found by a rehearsal. */
describe("A call that is denied", () => {
  let testCloud: TestCloud;

  /** A role that may list documents and nothing else asks for a parameter. */
  beforeEach(async () => {
    testCloud = new TestCloud();
    const statement = (Action: string, element: object) => ({
      Version: "2012-10-17",
      Statement: [{ Sid: "Only", Effect: "Allow", Action, ...element }],
    });
    await testCloud.create("aws:iam/role:Role", "test", {
      name: "reader",
      assumeRolePolicy: statement("sts:AssumeRole", {
        Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
      }),
    });
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      role: "reader",
      policy: statement("ssm:ListDocuments", { Resource: "*" }),
    });
    const role = await testCloud.cloud.sts.assume({
      principal: testCloud.operator(MEMBER),
      roleArn: `arn:aws:iam::${MEMBER}:role/reader`,
      sessionName: "test",
      region: REGION,
    });
    await testCloud.call("ssm", "GetParameter", { Name: "/app/key" }, role).catch(() => undefined);
  });

  const check = async (then: Partial<Expectations>) => {
    const environment = { cloud: testCloud.cloud, stacks: [], regionNamed: String };
    const empty = emptyScenario();
    return checkScenario(environment, { ...empty, then: { ...empty.then, ...then } });
  };
  const failures = async (then: Partial<Expectations>) =>
    (await check(then)).filter(({ holds }) => !holds);

  it("fails a scenario that does not expect it, with the statement that is missing", async () => {
    const [failure, ...others] = await failures({});
    expect(others).to.deep.equal([]);
    expect(failure?.expectation).to.equal("every call is allowed");
    expect(failure?.found).to.include("ssm:GetParameter").and.to.include("reader");
  });

  it("fails a scenario that expects another one", async () => {
    const other = await failures({ denied: [{ action: "ssm:SendCommand" }] });
    expect(other.map(({ expectation }) => expectation)).to.deep.equal([
      "ssm:SendCommand is denied",
      "every call is allowed",
    ]);
    const elsewhere = { action: "ssm:GetParameter", resource: "parameter/other" };
    expect(await failures({ denied: [elsewhere] })).to.have.length(2);
    const misplaced = { action: "ssm:GetParameter", missing: "another-role" };
    expect(await failures({ denied: [misplaced] })).to.have.length(2);
  });

  it("passes where the scenario expects just this one", async () => {
    const wanted = { action: "ssm:GetParameter", resource: "parameter/app/key", missing: "reader" };
    expect(await failures({ denied: [wanted] })).to.deep.equal([]);
  });
});
