import { expect } from "chai";
import { callAsHost } from "../../host/role-call.js";
import { MEMBER, World } from "../cloud/services/ssm/world.js";
import { refusal } from "../cloud/refusal.js";

describe("callAsHost", () => {
  const identity = { service: "sts", operation: "GetCallerIdentity", input: {} };

  it("calls with the role of the instance's profile", async () => {
    const world = new World();
    const instance = await world.host();
    expect(await callAsHost(world.cloud, instance, identity)).to.deep.equal({
      UserId: `AROA0FBB6E58CB2B7D09F:${instance.id}`,
      Account: MEMBER,
      Arn: `arn:aws:sts::${MEMBER}:assumed-role/host/${instance.id}`,
    });
    expect(world.cloud.calls.at(-1)).to.include({ region: instance.region, outcome: "allowed" });
  });

  it("calls in another Region when that is asked for", async () => {
    const world = new World();
    const instance = await world.host();
    await callAsHost(world.cloud, instance, { ...identity, region: "eu-west-1" });
    expect(world.cloud.calls.at(-1)).to.include({ region: "eu-west-1" });
  });

  it("has no credentials without a profile", async () => {
    const world = new World();
    const instance = world.launch("web", undefined);
    expect(await refusal(callAsHost(world.cloud, instance, identity))).to.equal(
      `NoCredentials: instance ${instance.id} has no instance profile`,
    );
  });
});
