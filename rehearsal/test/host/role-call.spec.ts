import { expect } from "chai";
import { callAsHost } from "../../host/role-call.js";
import { MEMBER, TestCloud } from "../support/test-cloud.js";
import { refusal } from "../cloud/refusal.js";

describe("callAsHost", () => {
  const identity = { service: "sts", operation: "GetCallerIdentity", input: {} };

  it("calls with the role of the instance's profile", async () => {
    const testCloud = new TestCloud();
    const instance = await testCloud.host();
    expect(await callAsHost(testCloud.cloud, instance, identity)).to.deep.equal({
      UserId: `AROA0FBB6E58CB2B7D09F:${instance.id}`,
      Account: MEMBER,
      Arn: `arn:aws:sts::${MEMBER}:assumed-role/host/${instance.id}`,
    });
    expect(testCloud.cloud.calls.at(-1)).to.include({
      region: instance.region,
      outcome: "allowed",
    });
  });

  it("calls in another Region when that is asked for", async () => {
    const testCloud = new TestCloud();
    const instance = await testCloud.host();
    await callAsHost(testCloud.cloud, instance, { ...identity, region: "eu-west-1" });
    expect(testCloud.cloud.calls.at(-1)).to.include({ region: "eu-west-1" });
  });

  it("has no credentials without a profile", async () => {
    const testCloud = new TestCloud();
    const instance = testCloud.launch("web", undefined);
    expect(await refusal(callAsHost(testCloud.cloud, instance, identity))).to.equal(
      `NoCredentials: instance ${instance.id} has no instance profile`,
    );
  });
});
