import { expect } from "chai";
import { join, resolve } from "node:path";
import { Programs } from "../../rehearsal/program/programs.js";
import { readProject, readStacks } from "../../rehearsal/program/stack-files.js";
import { play } from "../../rehearsal/scenario/play/play.js";
import type { Scenario } from "../../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../../rehearsal/scenario/schema/scenario.js";
import type { Environment } from "../../rehearsal/scenario/setup/environment.js";
import { deployEnvironment } from "../../rehearsal/scenario/setup/environment.js";
import { hostNamed } from "../../rehearsal/scenario/setup/lookup.js";
import { refusal } from "../../rehearsal/test/cloud/refusal.js";

const PROJECT = resolve(__dirname, "..", "..");
const SCENARIO = readScenario(join(PROJECT, "scenarios", "second-region.yaml"));

describe("a host in the second Region of a member", function () {
  this.timeout(180_000);
  const programs = new Programs();
  after(() => programs.close());

  const played = async (scenario: Scenario, partition = "aws"): Promise<Environment> => {
    const project = readProject(PROJECT);
    const stacks = readStacks(project, PROJECT);
    const environment = await deployEnvironment({ project, stacks, programs, partition }, scenario);
    await play(environment, scenario);
    return environment;
  };

  for (const [partition, home, second] of [
    ["aws", "eu-central-1", "eu-west-1"],
    ["aws-cn", "cn-north-1", "cn-northwest-1"],
  ] as const) {
    it(`has its bootstrap, packages and logs there, in ${partition}`, async () => {
      const environment = await played(SCENARIO, partition);
      const { account, region, id, imageId, subnetId, ...far } = hostNamed(environment, "far");
      const web = hostNamed(environment, "web");
      expect([web.region, region]).to.deep.equal([home, second]);
      expect([imageId === web.imageId, subnetId === web.subnetId]).to.deep.equal([false, false]);
      expect(far.instanceProfileArn).to.equal(web.instanceProfileArn);

      const calls = environment.cloud.calls.filter(({ principal }) => principal.endsWith(id));
      const package_ = calls.filter(({ call }) => call === "ssm:DescribeDocument");
      expect(package_.map((call) => call.region)).to.include(second);
      expect([...new Set(calls.map((call) => call.region))]).to.deep.equal([second]);

      const runs = (at: string) =>
        environment.cloud.ssm.automations.executions.in(account, at).size;
      // Two hosts at home, and each launch raises two events.
      expect([runs(home), runs(second)]).to.deep.equal([4, 2]);
      const streams = (at: string) =>
        [...environment.cloud.logs.groups.in(account, at).values()].flatMap((group) => [
          ...group.streams.keys(),
        ]);
      const hosts = (at: string) => [...new Set(streams(at))].sort();
      const files = hostNamed(environment, "files").id;
      expect([hosts(home), hosts(second)]).to.deep.equal([[files, web.id].sort(), [id]]);
    });
  }

  it("gets its roles from the home Region: there is one of each", async () => {
    const { stacks } = await played(SCENARIO);
    const { resources = [] } = stacks.find(({ name }) => name === "member") ?? {};
    const regions = (type: string) =>
      resources.filter((resource) => resource.type === type).map(({ region }) => region);
    expect(new Set(regions("aws:iam/role:Role"))).to.deep.equal(new Set(["eu-central-1"]));
    for (const type of ["aws:ssm/document:Document", "aws:cloudwatch/eventRule:EventRule"]) {
      const [home, second] = ["eu-central-1", "eu-west-1"].map(
        (region) => regions(type).filter((regionOfType) => regionOfType === region).length,
      );
      expect(home, type).to.be.greaterThan(0).and.equal(second);
    }
  });

  it("cannot be launched where the member is not", async () => {
    const { regions: _, ...config } = SCENARIO.given.config["member"] ?? {};
    const given = { ...SCENARIO.given, config: { ...SCENARIO.given.config, member: config } };
    expect(await refusal(played({ ...SCENARIO, given }))).to.include(
      "when[0]: launch.region: account 222222222222 has no VPC in eu-west-1 like that in eu-central-1",
    );
  });
});
