import { expect } from "chai";
import { ownScenario } from "../../../scenario/setup/own-scenario.js";

const project = { name: "fleet", folder: "", main: "", defaults: {} };
type Values = Record<string, unknown>;
const stack = (name: string, values: Values) => ({
  name,
  file: "",
  config: Object.fromEntries<unknown>(
    Object.entries(values).map(([key, value]) => [`fleet:${key}`, value]),
  ),
});
const log = stack("log", {
  role: "log",
  account: "111111111111",
  regions: ["eu-central-1", "eu-west-1"],
  prefix: "own",
  packages: [{ name: "tool", version: "2.0.0" }],
  routes: [{ name: "ops" }],
});
const member = (values: Values, name = "member") =>
  stack(name, {
    role: "member",
    account: "2",
    prefix: "own",
    regions: ["eu-central-1"],
    ...values,
  });
const linux = { platform: "linux", packages: ["tool"] };
const of = (...members: ReturnType<typeof stack>[]) => ownScenario(project, [log, ...members]);

describe("ownScenario", () => {
  it("expects every host to become what it asks for", () => {
    const hosts = {
      web: { ...linux, hostname: "web-1" },
      fs: { platform: "windows", hostname: "FS", domain: "d-1", cloudwatch: "SKIP" },
      off: { ...linux, enabled: false },
    };
    const { hosts: expected } = of(member({ hosts })).then;
    const success = { status: "Success", runs: { atLeast: 1, last: "Success" } };
    expect(expected["web"]).to.deep.include({
      ...success,
      cloudwatch: "linux",
      hostname: "web-1",
    });
    expect(expected["web"]?.packages).to.have.all.keys("own-package-tool", "AmazonCloudWatchAgent");
    expect(expected["web"]?.packages).to.include({ "own-package-tool": "2.0.0" });
    expect(expected["fs"]).to.deep.include({ ...success, domain: "d-1" });
    expect(expected["fs"]?.packages).to.have.all.keys("AwsVssComponents");
    // The script that renames Windows is parsed only, and the agent is not configured.
    expect(expected["fs"]).to.not.have.any.keys("hostname", "cloudwatch");
    expect(expected["off"]).to.deep.include({ status: "none", packages: {} });
  });

  it("calls hosts by their stack where two have the name", () => {
    const both = of(member({ hosts: { web: linux } }), member({ hosts: { web: linux } }, "edge"));
    expect(Object.keys(both.then.hosts)).to.deep.equal(["member/web", "edge/web"]);
  });

  it("launches a host like the first of each platform in each further Region", () => {
    const regions = ["eu-central-1", "eu-west-1"];
    const off = { ...linux, enabled: false };
    const hosts = { off, web: { ...linux, hostname: "web-1" }, db: linux };
    const { when, then } = of(member({ hosts, regions }));
    const launches = when.flatMap((action) => ("launch" in action ? [action.launch] : []));
    expect(launches.map(({ name, like, region }) => [name, like, region])).to.deep.equal([
      ["member-web-eu-west-1", "member/web", "eu-west-1"],
    ]);
    expect(then.hosts["member-web-eu-west-1"]).to.include({ status: "Success" });
    expect(then.hosts["member-web-eu-west-1"]).to.not.have.property("hostname");
  });

  it("plays every schedule, collection and route once, which end well", () => {
    const schedules = { night: { document: "Acme-Clean" } };
    const collect = { reboots: { target: "all" } };
    const { when, then } = of(member({ schedules, collect }));
    expect(when.at(-1)).to.deep.equal({ schedules: "once" });
    expect(then.schedules).to.deep.equal({
      "log/own-route-ops": "Success",
      "member/own-night": "Success",
      "member/own-collect-reboots": "Success",
    });
  });
});
