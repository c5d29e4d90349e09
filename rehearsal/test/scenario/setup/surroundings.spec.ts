import { expect } from "chai";
import { settingsOf } from "../../../scenario/setup/settings.js";
import { surroundingsOf } from "../../../scenario/setup/surroundings.js";

const project = { name: "fleet", folder: "", main: "", defaults: {} };
type Values = Record<string, unknown>;
const stack = (name: string, values: Values) => {
  const entries = Object.entries(values).map(([key, value]) => [`fleet:${key}`, value]);
  return settingsOf(project, { name, file: "", config: Object.fromEntries(entries) as Values });
};
const log = (values: Values = {}) =>
  stack("log", { role: "log", account: "111111111111", regions: ["eu-central-1"], ...values });
const member = (values: Values = {}, account = "222222222222") =>
  stack(`member-${account}`, {
    role: "member",
    account,
    regions: ["eu-central-1", "eu-west-1"],
    ...values,
  });
const around = (...stacks: ReturnType<typeof stack>[]) => surroundingsOf(stacks);
const everywhere = (name: string) => ({
  account: "222222222222",
  regions: ["eu-central-1", "eu-west-1"],
  name,
});

describe("surroundingsOf", () => {
  it("is nothing where stacks name nothing", () => {
    expect(around(log(), member())).to.deep.equal({
      ...{ vpcs: [], directories: [], secrets: [], documents: [], groups: [], keys: [] },
      ...{ people: [], accounts: [] },
    });
  });

  it("has a VPC by name in each Region, with the subnets of hosts once", () => {
    const host = { platform: "linux", subnet: "app" };
    const { vpcs } = around(member({ vpc: "main", hosts: { a: host, b: host } }));
    const regions = ["eu-central-1", "eu-west-1"];
    const owner = "222222222222";
    expect(vpcs).to.deep.equal([{ account: owner, regions, vpc: "main", owner, subnets: ["app"] }]);
  });

  it("has one VPC of an id in the first Region, of who shares it", () => {
    const vpc = "vpc-0123456789abcdef0";
    const owner = { vpc, endpointAccounts: ["222222222222", "333333333333"] };
    const found = around(member({ vpc }), member(owner, "333333333333")).vpcs;
    expect(found.map(({ owner: of }) => of)).to.deep.equal(["333333333333", "333333333333"]);
    expect(found.map(({ regions }) => regions)).to.deep.equal([["eu-central-1"], ["eu-central-1"]]);
    const makers = around(member({ vpc }), member({ vpc, endpoints: ["s3"] }, "333333333333"));
    expect(makers.vpcs[0]?.owner).to.equal("333333333333");
    expect(around(member({ vpc }), member({ vpc }, "333333333333")).vpcs[1]?.owner).to.equal(
      "222222222222",
    );
  });

  it("has directories in the first Region only", () => {
    const hosts = { fs: { platform: "windows", domain: "d-1" } };
    expect(around(member({ hosts })).directories).to.deep.equal([
      { account: "222222222222", regions: ["eu-central-1"], name: "d-1" },
    ]);
  });

  it("has the secrets of the log stack's packages with each member", () => {
    const packages = [{ name: "tool", version: "1.0.0", secrets: { A: "/a", B: "/b" } }];
    const { secrets } = around(log({ packages }), member());
    expect(secrets).to.deep.equal([everywhere("/a"), everywhere("/b")]);
  });

  it("has documents that are neither AWS's nor the stack's own, and resource groups", () => {
    const schedules = {
      a: { document: "Acme-Clean", target: "resource-group:web" },
      b: { runbook: "Acme-Patch", target: "tag:Role=web" },
      c: { document: "AWS-RunShellScript" },
      d: { runbook: "cf-ec2-bootstrp" },
      e: { runbook: "cf-collect" },
    };
    const collect = { e: { target: "resource-group:web" }, f: { target: "resource-group:db" } };
    const { documents, groups } = around(member({ schedules, collect }));
    expect(documents).to.deep.equal([everywhere("Acme-Clean"), everywhere("Acme-Patch")]);
    expect(groups).to.deep.equal([everywhere("web"), everywhere("db")]);
  });

  it("has the key, the people and the accounts that no stack is of", () => {
    const kmsKeyArn = "arn:aws:kms:eu-central-1:333333333333:key/1";
    const found = around(
      log({
        kmsKeyArn,
        runAccounts: ["222222222222", "444444444444"],
        identityCenter: { accounts: ["555555555555", "all"], groupId: "group" },
        runners: { principals: ["arn:aws:iam::666666666666:root"] },
        packages: [{ name: "tool", version: "1.0.0", share: "777777777777, 222222222222" }],
      }),
      member({ endpointAccounts: ["888888888888"] }),
    );
    expect(found.keys).to.deep.equal([{ arn: kmsKeyArn, users: ["111111111111", "222222222222"] }]);
    expect(found.identityCenter).to.equal("111111111111");
    expect(found.people).to.deep.equal(["group"]);
    const outside = ["444444444444", "555555555555", "777777777777", "333333333333"];
    expect(found.accounts).to.have.members([...outside, "666666666666", "888888888888"]);
  });
});
