import { expect } from "chai";
import { givenMembers, membersOf, placeHosts } from "../../../scenario/setup/members.js";
import { MEMBER, TestCloud, REGION } from "../../support/test-cloud.js";

describe("more members of a scenario", () => {
  const stack = {
    name: "member",
    file: "Pulumi.member.yaml",
    config: { "fleet:account": "222222222222", "fleet:hosts": { web: {} }, "fleet:vpc": "main" },
  };
  const read = (given: object) =>
    membersOf(
      givenMembers.parse([given].flat()),
      "fleet",
      () => stack,
      new Set(["222222222222", "member"]),
    );

  it("have stacks of their own, in accounts of their own", () => {
    const members = read([
      { like: "member", count: 2, config: { hosts: {} } },
      { like: "member", accounts: ["555555555555"], name: "edge", unit: "Edge", hosts: 3 },
    ]);
    expect(members).to.deep.equal([
      {
        account: "300000000001",
        stack: {
          ...stack,
          name: "member-1",
          config: { ...stack.config, "fleet:account": "300000000001", "fleet:hosts": {} },
        },
      },
      {
        account: "300000000002",
        stack: {
          ...stack,
          name: "member-2",
          config: { ...stack.config, "fleet:account": "300000000002", "fleet:hosts": {} },
        },
      },
      {
        account: "555555555555",
        unit: "Edge",
        hosts: { count: 3, tags: {} },
        stack: {
          ...stack,
          name: "edge-1",
          config: { ...stack.config, "fleet:account": "555555555555" },
        },
      },
    ]);
  });

  it("are refused where an account or a name is there twice", () => {
    expect(() => read({ like: "member", accounts: ["222222222222"] })).to.throw(
      "given.members: 222222222222 is there twice",
    );
    const twice = { like: "member", count: 1 };
    expect(() => read([twice, twice])).to.throw("given.members: member-1 is there twice");
  });

  it("are refused with both a count and ids, or with neither", () => {
    for (const more of [{}, { count: 1, accounts: ["555555555555"] }])
      expect(() => read({ like: "member", ...more })).to.throw("expected either count or accounts");
  });

  describe("have hosts", () => {
    const deployed = (outputs: object) => ({
      name: "edge-1",
      account: MEMBER,
      resources: [],
      outputs: outputs as Record<string, unknown>,
    });

    it("that are online at once, without events", async () => {
      const testCloud = new TestCloud();
      await testCloud.profile();
      const events: string[] = [];
      testCloud.cloud.events.emit = ({ detailType }) => String(events.push(detailType));
      const given = { count: 2, tags: { Role: "web" } };
      placeHosts(testCloud.cloud, deployed({ instanceProfile: "host" }), REGION, given);
      await testCloud.cloud.clock.run();
      const found = [...testCloud.cloud.ec2.instances.in(MEMBER, REGION).values()];
      expect(found.map(({ state, tags }) => [state, Object.fromEntries(tags)])).to.deep.equal([
        ["running", { Name: "edge-1-host-1", Role: "web" }],
        ["running", { Name: "edge-1-host-2", Role: "web" }],
      ]);
      const { agents } = testCloud.cloud.ssm;
      for (const { id } of found)
        expect(agents.onlineAgent(MEMBER, REGION, id)).not.to.equal(undefined);
      expect(events).to.deep.equal([]);
    });

    it("only where the stack exports a profile for them", () => {
      const { cloud } = new TestCloud();
      expect(() => {
        placeHosts(cloud, deployed({}), REGION, { count: 1, tags: {} });
      }).to.throw("given.members: stack edge-1 exports no instanceProfile");
    });
  });
});
