import { expect } from "chai";
import type { Organization } from "../../../../kernel/organization.js";
import { LOG, MEMBER, TestCloud } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const MANAGEMENT = "999999999999";
const OUTER = "ou-root-0000aaaa";
const INNER = "ou-root-0000bbbb";

const ORGANIZATION: Organization = {
  id: "o-test123456",
  managementAccount: MANAGEMENT,
  accounts: [
    { id: LOG, name: "log", status: "ACTIVE" },
    { id: MANAGEMENT, name: "management", status: "ACTIVE" },
    { id: MEMBER, name: "member", status: "SUSPENDED", unit: INNER },
    ...Array.from({ length: 25 }, (_, index) => ({
      id: String(300_000_000_001 + index),
      name: `m-${index + 1}`,
      status: "ACTIVE" as const,
      unit: OUTER,
    })),
  ],
  units: [
    { id: OUTER, name: "Outer" },
    { id: INNER, name: "Inner", unit: OUTER },
  ],
  delegated: { "ssm.amazonaws.com": [LOG] },
};

describe("AWS Organizations", () => {
  const testCloud = new TestCloud({ organization: ORGANIZATION });
  const call = <Output extends object>(operation: string, input: object, account = MANAGEMENT) =>
    testCloud.call<Output>("organizations", operation, input, testCloud.operator(account));
  const ids = async (operation: string, list: string, input: object, account?: string) => {
    const answer = await call<Record<string, { Id: string }[]>>(operation, input, account);
    return answer[list]?.map(({ Id }) => Id);
  };

  it("lists all accounts, 20 a page at most", async () => {
    const first = await call<{ Accounts: object[]; NextToken?: string }>("ListAccounts", {});
    expect([first.Accounts.length, first.NextToken]).to.deep.equal([20, "20"]);
    const rest = await call<{ Accounts: object[]; NextToken?: string }>("ListAccounts", {
      NextToken: first.NextToken,
    });
    expect([rest.Accounts.length, rest.NextToken]).to.deep.equal([8, undefined]);
    expect(first.Accounts[0]).to.deep.include({
      Id: LOG,
      Arn: `arn:aws:organizations::${MANAGEMENT}:account/o-test123456/${LOG}`,
      Name: "log",
      Status: "ACTIVE",
      State: "ACTIVE",
    });
    const many = call("ListAccounts", { MaxResults: 21 });
    expect(await refusal(many)).to.include("InvalidInputException");
  });

  it("lists what is in a parent itself, and not further inside", async () => {
    expect(await ids("ListRoots", "Roots", {})).to.deep.equal(["r-root"]);
    const units = (ParentId: string) =>
      ids("ListOrganizationalUnitsForParent", "OrganizationalUnits", { ParentId });
    expect(await units("r-root")).to.deep.equal([OUTER]);
    expect(await units(OUTER)).to.deep.equal([INNER]);
    const accounts = (ParentId: string) => ids("ListAccountsForParent", "Accounts", { ParentId });
    expect(await accounts("r-root")).to.deep.equal([LOG, MANAGEMENT]);
    expect(await accounts(INNER)).to.deep.equal([MEMBER]);
    expect(await refusal(accounts("ou-root-99999999"))).to.include("ParentNotFoundException");
  });

  it("knows the parent of an account and of a unit", async () => {
    const parents = (ChildId: string) => call<{ Parents: object[] }>("ListParents", { ChildId });
    expect((await parents(MEMBER)).Parents).to.deep.equal([
      { Id: INNER, Type: "ORGANIZATIONAL_UNIT" },
    ]);
    expect((await parents(OUTER)).Parents).to.deep.equal([{ Id: "r-root", Type: "ROOT" }]);
    expect(await refusal(parents("121212121212"))).to.include("ChildNotFoundException");
  });

  it("lists delegated administrators, of all services or of one", async () => {
    const list = (input: object) =>
      ids("ListDelegatedAdministrators", "DelegatedAdministrators", input);
    expect(await list({})).to.deep.equal([LOG]);
    expect(await list({ ServicePrincipal: "ssm.amazonaws.com" })).to.deep.equal([LOG]);
    expect(await list({ ServicePrincipal: "config.amazonaws.com" })).to.deep.equal([]);
  });

  it("answers the management account and delegated administrators, and nobody else", async () => {
    expect(await ids("ListRoots", "Roots", {}, LOG)).to.deep.equal(["r-root"]);
    expect(await refusal(call("ListRoots", {}, MEMBER))).to.equal(
      "AccessDeniedException: You don't have permissions to access this resource.",
    );
  });

  it("describes itself to every account", async () => {
    const { Organization: found } = await call<{ Organization: object }>(
      "DescribeOrganization",
      {},
      MEMBER,
    );
    expect(found).to.include({ Id: "o-test123456", MasterAccountId: MANAGEMENT });
  });
});
