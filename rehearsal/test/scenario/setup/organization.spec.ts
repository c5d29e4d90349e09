import { expect } from "chai";
import { givenOrganization, organizationOf } from "../../../scenario/setup/organization.js";

describe("the organisation of a scenario", () => {
  const LOG = { stack: "log", account: "111111111111", isLog: true };
  const MEMBER = { stack: "member", account: "222222222222", isLog: false };
  const read = (given: object, ...deployed: object[]) =>
    organizationOf(givenOrganization.parse(given), [LOG, MEMBER, ...(deployed as [])]);
  const problem = (given: object, ...deployed: object[]): string => {
    try {
      read(given, ...deployed);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "it was taken";
  };

  it("has the stacks' accounts and a management account in its root, and the log account for Systems Manager", () => {
    expect(read({})).to.deep.equal({
      id: "o-rehearsal1",
      managementAccount: "999999999999",
      accounts: [
        { id: "111111111111", name: "log", status: "ACTIVE" },
        { id: "222222222222", name: "member", status: "ACTIVE" },
        { id: "999999999999", name: "management", status: "ACTIVE" },
      ],
      delegated: { "ssm.amazonaws.com": ["111111111111"] },
    });
  });

  it("orders them in units inside units, by the names of stacks or ids", () => {
    const given = {
      units: {
        Workloads: {
          accounts: ["member"],
          units: { Production: { id: "ou-root-0000aaaa", accounts: ["555555555555"] } },
        },
      },
      accounts: { "555555555555": "other" },
      suspended: ["555555555555"],
      delegated: { "ssm.amazonaws.com": [] },
    };
    const extra = { stack: "m-1", account: "300000000001", unit: "Workloads/Production" };
    const { accounts, delegated, units = [] } = read(given, extra);
    const [outer, inner] = units;
    expect(outer?.id).to.match(/^ou-root-[0-9a-f]{8}$/);
    expect(inner).to.deep.equal({ id: "ou-root-0000aaaa", name: "Production", unit: outer?.id });
    expect(accounts.map(({ id, status, unit }) => [id, status, unit])).to.deep.equal([
      ["111111111111", "ACTIVE", undefined],
      ["222222222222", "ACTIVE", outer?.id],
      ["300000000001", "ACTIVE", "ou-root-0000aaaa"],
      ["555555555555", "SUSPENDED", "ou-root-0000aaaa"],
      ["999999999999", "ACTIVE", undefined],
    ]);
    expect(delegated).to.deep.equal({ "ssm.amazonaws.com": [] });
  });

  it("names every account and unit that it does not have", () => {
    const given = { units: { A: { accounts: ["nobody"] } }, suspended: ["121212121212"] };
    const extra = { stack: "m-1", account: "300000000001", unit: "B" };
    expect(problem(given, extra).split("\n")).to.deep.equal([
      'given.organization.units.A.accounts: expected a stack (log, member, m-1) or an account of the organisation, got "nobody"',
      'given.members: expected a unit of given.organization.units (A), got "B"',
      'given.organization.suspended: expected a stack (log, member, m-1) or an account of the organisation, got "121212121212"',
    ]);
  });
});
