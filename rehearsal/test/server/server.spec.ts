import { DescribeInstanceInformationCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { REHEARSAL_STARTS } from "../../kernel/timeline.js";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { UserError } from "../../../lib/user-error.js";
import { MEMBER, REGION, World } from "../cloud/services/ssm/world.js";
import { broken } from "./support.js";

describe("a served cloud", () => {
  let world: World;
  let served: ServedCloud;
  const before = { ...process.env };
  beforeEach(async () => {
    world = new World();
    served = await serve(world.cloud, { clockSpeed: { perRequest: 1000 }, broken });
  });
  afterEach(async () => {
    process.env = { ...before };
    await served.close();
  });

  it("is where clients go whose environment names it, as the operator whose keys stand there", async () => {
    Object.assign(process.env, served.environment(MEMBER, REGION));
    const identity = await new STSClient().send(new GetCallerIdentityCommand({}));
    expect(identity).to.deep.include({ Account: MEMBER, Arn: world.operator(MEMBER).arn });
    const { InstanceInformationList } = await new SSMClient().send(
      new DescribeInstanceInformationCommand({}),
    );
    expect(InstanceInformationList ?? []).to.deep.equal([]);
    expect(world.cloud.calls.map(({ call, region }) => [call, region])).to.deep.equal([
      ["sts:GetCallerIdentity", REGION],
      ["ssm:DescribeInstanceInformation", REGION],
    ]);
    expect(world.cloud.clock.now - REHEARSAL_STARTS).to.equal(2000);
  });

  it("says so where its port is taken", async () => {
    const port = Number(new URL(served.endpoint).port);
    let refusal: unknown;
    try {
      await serve(world.cloud, { port, clockSpeed: { speed: 1 }, broken });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).to.be.instanceOf(UserError);
    expect((refusal as UserError).message).to.equal(
      `--port ${port}: something else listens there; name another, or none for one that is free`,
    );
  });
});
