import { expect } from "chai";
import type { Properties } from "../../../../kernel/resource.js";
import { MEMBER, OTHER, REGION, TestCloud } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const TYPE = "aws:ec2/vpcEndpoint:VpcEndpoint";

describe("VPC endpoints in the local cloud", () => {
  let testCloud: TestCloud;
  let ids: { vpcId: string; subnets: string[]; tables: string[] };

  beforeEach(async () => {
    testCloud = new TestCloud();
    ids = await lookUp("main");
  });

  async function lookUp(name: string) {
    const deployer = testCloud.deployer(MEMBER);
    const ask = (what: string, args: Properties) =>
      deployer.invoke(`aws:ec2/get${what}:get${what}`, args, REGION);
    const vpcs = await ask("Vpcs", { tags: { Name: name } });
    const [vpcId = ""] = vpcs["ids"] as string[];
    const inVpc = { filters: [{ name: "vpc-id", values: [vpcId] }] };
    const subnets = (await ask("Subnets", inVpc))["ids"] as string[];
    const tables = (await ask("RouteTables", inVpc))["ids"] as string[];
    return { vpcId, subnets, tables };
  }

  const create = (inputs: Properties) =>
    testCloud.create(TYPE, "test", {
      vpcId: ids.vpcId,
      serviceName: `com.amazonaws.${REGION}.ssm`,
      vpcEndpointType: "Interface",
      subnetIds: [ids.subnets[1]],
      privateDnsEnabled: true,
      ...inputs,
    });

  it("are taken, renamed and given up", async () => {
    const endpoint = await create({ tags: { Name: "a" } });
    expect(endpoint.state).to.deep.include({ ownerId: MEMBER, state: "available" });
    const renamed = await testCloud
      .deployer(MEMBER)
      .update(endpoint, { ...endpoint.inputs, tags: {} });
    expect(testCloud.deployer(MEMBER).read(renamed)?.inputs["tags"]).to.deep.equal({});
    await testCloud.deployer(MEMBER).delete(renamed);
    expect(testCloud.deployer(MEMBER).read(renamed)).to.equal(undefined);
    expect(await refusal(create({}))).to.equal("it was taken");
  });

  const refused: readonly [what: string, inputs: () => Properties, text: string][] = [
    [
      "a service that there is not",
      () => ({ serviceName: `com.amazonaws.${REGION}.smm` }),
      `InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.${REGION}.smm' does not exist`,
    ],
    [
      "two subnets of one zone",
      () => ({ subnetIds: ids.subnets.slice(0, 2) }),
      "DuplicateSubnetsInSameZone",
    ],
    [
      "a policy that is none",
      () => ({ policy: '{"Statement":[{"Effect":"allow"}]}' }),
      "MalformedPolicyDocument",
    ],
    [
      "a gateway for what has none",
      () => ({ vpcEndpointType: "Gateway", routeTableIds: [] }),
      "has no endpoints of type Gateway",
    ],
    [
      "a route table that there is not",
      () => ({
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${REGION}.s3`,
        routeTableIds: ["rtb-1"],
      }),
      "InvalidRouteTableId.NotFound",
    ],
    ["a VPC that there is not", () => ({ vpcId: "vpc-1" }), "InvalidVpcID.NotFound"],
  ];
  for (const [what, inputs, text] of refused) {
    it(`refuse ${what}`, async () => {
      expect(await refusal(create(inputs()))).to.include(text);
    });
  }

  it("refuse a second one of a service, as its private DNS would be in conflict", async () => {
    await create({});
    expect(await refusal(create({}))).to.include(
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for com.amazonaws.${REGION}.ssm in the VPC ${ids.vpcId}`,
    );
    expect(await refusal(create({ privateDnsEnabled: false }))).to.equal("it was taken");
  });

  it("refuse a second route to S3 in a table", async () => {
    const gateway = {
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${REGION}.s3`,
      routeTableIds: ids.tables,
    };
    await create(gateway);
    expect(await refusal(create(gateway))).to.include("RouteAlreadyExists");
  });

  it("refuse to be in a VPC that another account shares", async () => {
    testCloud.cloud.ec2.network.addVpc(MEMBER, REGION, "shared", { owner: OTHER });
    ids = await lookUp("shared");
    expect(await refusal(create({}))).to.include(`is shared by ${OTHER}`);
  });

  it("show a shared VPC without its tags where it has none here", async () => {
    testCloud.cloud.ec2.network.addVpc(MEMBER, REGION, "shared", { owner: OTHER, tagged: false });
    expect((await lookUp("shared")).vpcId).to.equal("");
  });
});
