import { expect } from "chai";
import type { Instance } from "../../../kernel/instance.js";
import { checkInside } from "../../../scenario/check/inside.js";
import { hostNamed } from "../../../scenario/setup/lookup.js";
import { MEMBER, REGION, TestCloud } from "../../support/test-cloud.js";

describe("checkInside", () => {
  async function judged(check: Parameters<typeof checkInside>[3]) {
    const testCloud = new TestCloud();
    await testCloud.host("web");
    await testCloud.cloud.clock.run();
    testCloud.cloud.directoryService.add(MEMBER, REGION, {
      ...{ id: "d-1", name: "corp.example.com", dnsIpAddresses: [] },
    });
    const environment = { cloud: testCloud.cloud, stacks: [], regionNamed: String };
    return checkInside(environment, hostNamed(environment, "web"), "web", check);
  }

  it("asks nothing that the scenario does not", async () => {
    expect(await judged({})).to.deep.equal([]);
  });

  it("compares the host's short name in any case", async () => {
    const [result] = await judged({ hostname: "other" });
    const { found = "" } = result ?? {};
    expect(result).to.include({ expectation: "web: what it calls itself is other", holds: false });
    expect(found).to.match(/^ip-[\d-]+$/);
    expect((await judged({ hostname: found.toUpperCase() }))[0]?.holds).to.equal(true);
  });

  it("leaves the domain away that a host has in its name", async () => {
    const testCloud = new TestCloud();
    const { id } = await testCloud.host("web");
    await testCloud.cloud.clock.run();
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, id);
    if (host !== undefined)
      Object.defineProperty(host, "name", { value: "web-1.corp.example.com" });
    const environment = { cloud: testCloud.cloud, stacks: [], regionNamed: String };
    const web = hostNamed(environment, "web");
    expect(checkInside(environment, web, "web", { hostname: "web-1" })[0]?.holds).to.equal(true);
  });

  it("has the domain of a directory, and the configuration of the agent, where there are any", async () => {
    expect(await judged({ domain: "d-1", cloudwatch: "linux" })).to.deep.equal([
      { expectation: "web: its domain is corp.example.com", holds: false, found: "none" },
      {
        expectation: "web: the configuration of its CloudWatch agent is linux",
        holds: false,
        found: "none",
      },
    ]);
  });

  it("says that a host never started", () => {
    const { cloud } = new TestCloud();
    const environment = { cloud, stacks: [], regionNamed: String };
    const nowhere = { account: MEMBER, region: REGION, id: "i-0" } as Instance;
    expect(checkInside(environment, nowhere, "web", { hostname: "web" })[0]?.found).to.equal(
      "the host never started",
    );
  });
});
