import { DescribeInstanceInformationCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { REHEARSAL_STARTS } from "../../kernel/timeline.js";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { UserError } from "../../../lib/user-error.js";
import { MEMBER, REGION, TestCloud } from "../support/test-cloud.js";
import { broken } from "./support.js";

describe("a served cloud", () => {
  let testCloud: TestCloud;
  let served: ServedCloud;
  const before = { ...process.env };
  beforeEach(async () => {
    testCloud = new TestCloud();
    served = await serve(testCloud.cloud, { clockSpeed: { perRequest: 1000 }, broken });
  });
  afterEach(async () => {
    process.env = { ...before };
    await served.close();
  });

  it("is where clients go whose environment names it, as the operator whose keys stand there", async () => {
    Object.assign(process.env, served.environment(MEMBER, REGION));
    const identity = await new STSClient().send(new GetCallerIdentityCommand({}));
    expect(identity).to.deep.include({ Account: MEMBER, Arn: testCloud.operator(MEMBER).arn });
    const { InstanceInformationList } = await new SSMClient().send(
      new DescribeInstanceInformationCommand({}),
    );
    expect(InstanceInformationList ?? []).to.deep.equal([]);
    expect(testCloud.cloud.calls.map(({ call, region }) => [call, region])).to.deep.equal([
      ["sts:GetCallerIdentity", REGION],
      ["ssm:DescribeInstanceInformation", REGION],
    ]);
    expect(testCloud.cloud.clock.now - REHEARSAL_STARTS).to.equal(2000);
  });

  it("says so where its port is taken", async () => {
    const port = Number(new URL(served.endpoint).port);
    let refusal: unknown;
    try {
      await serve(testCloud.cloud, { port, clockSpeed: { speed: 1 }, broken });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).to.be.instanceOf(UserError);
    expect((refusal as UserError).message).to.equal(
      `--port ${port}: something else listens there; name another, or none for one that is free`,
    );
  });
});
