import { expect } from "chai";
import { ArgumentError } from "../../../components/arguments.js";
import type { ManagedHostArgs } from "../../../components/hosts/managed-host.js";
import { ManagedHost } from "../../../components/hosts/managed-host.js";
import { ignoredEdits } from "../../../components/hosts/pinned.js";
import { inMember } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

describe("ManagedHost", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram({
      invokes: {
        "aws:ssm/getParameter:getParameter": ({ name }) => ({
          insecureValue: `ami of ${String(name)}`,
        }),
      },
    });
  });

  const hostArgs: ManagedHostArgs = {
    platform: "linux",
    instanceType: "t3.micro",
    enabled: true,
    packages: ["tool", "other"],
    cloudwatch: "linux",
    instanceProfile: "profile",
    securityGroupIds: ["sg-1"],
    subnetId: "subnet-1",
  };
  const host = (args: Partial<ManagedHostArgs> = {}) =>
    new ManagedHost("web", { ...hostArgs, ...args }, inMember());

  const images = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";

  it("is private, encrypted, without a key pair, on IMDSv2, and tagged for the bootstrap", async () => {
    host();
    await program.settled();
    const { inputs } = program.only("aws:ec2/instance:Instance");
    expect(inputs).to.deep.equal({
      ami: `ami of ${images}x86_64`,
      instanceType: "t3.micro",
      iamInstanceProfile: "profile",
      subnetId: "subnet-1",
      vpcSecurityGroupIds: ["sg-1"],
      associatePublicIpAddress: false,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      rootBlockDevice: { encrypted: true, volumeType: "gp3" },
      tags: {
        Name: "web",
        "cf.ec2.bootstrap.enabled": "true",
        "cf.ec2.bootstrap.packages": '["tool","other"]',
        "cf.ec2.bootstrap.cloudwatch.config": "linux",
      },
    });
  });

  it("is not replaced because there is a newer image or another first subnet", async () => {
    host();
    await program.settled();
    const { ignoreChanges } = program.only("aws:ec2/instance:Instance");
    expect(ignoreChanges).to.deep.equal(["ami", "subnetId"]);
  });

  it("remembers the image that its instance was launched from, as long as it is that instance", async () => {
    const image = `${images}arm64`;
    const launched = { instanceId: "web-instance-id", image };
    expect(await program.valueOf(host({ launched }).image)).to.equal(image);
    const other = { instanceId: "i-other", image };
    const anew = new ManagedHost("db", { ...hostArgs, launched: other }, inMember());
    expect(await program.valueOf(anew.image)).to.equal(`${images}x86_64`);
  });

  it("names what a running host does not get, and the command that applies it", () => {
    const is = { image: "/a", subnetId: "subnet-1" };
    expect(ignoredEdits("web", "urn:x", is, is)).to.equal(undefined);
    expect(ignoredEdits("web", "urn:x", is, { ...is, image: "/b" })).to.equal(
      "the running host web does not get its image /b (it was launched from /a); pulumi up --target-replace 'urn:x' launches it anew and terminates the present one with its root volume",
    );
    expect(ignoredEdits("web", "urn:x", is, { image: "/b", subnetId: "subnet-2" })).to.include(
      "image /b (it was launched from /a) and subnet subnet-2 (it is in subnet-1);",
    );
  });

  it("says when it is not to be bootstrapped", async () => {
    host({ enabled: false });
    await program.settled();
    const tags = program.only("aws:ec2/instance:Instance").inputs["tags"];
    expect(tags).to.include({ "cf.ec2.bootstrap.enabled": "false" });
  });

  const processors = {
    x86_64: [
      "t3.micro",
      "m7i-flex.large",
      "g5.xlarge",
      "g4dn.xlarge",
      "u-6tb1.metal",
      "p6-b200.48xlarge",
    ],
    arm64: ["t4g.micro", "c7gn.large", "im4gn.large", "is4gen.large", "g5g.xlarge", "a1.large"],
  };
  for (const [processor, types] of Object.entries(processors)) {
    for (const instanceType of types) {
      it(`takes the ${processor} image for ${instanceType}`, async () => {
        host({ instanceType });
        await program.settled();
        const calls = program.called("aws:ssm/getParameter:getParameter");
        expect(calls).to.deep.equal([{ name: images + processor }]);
      });
    }
  }

  it("runs Windows Server 2025, or what another public parameter names", async () => {
    const older = "/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-Base";
    host({ platform: "windows", instanceType: "t3.medium" });
    new ManagedHost("old", { ...hostArgs, platform: "windows", image: older }, inMember());
    await program.settled();
    const calls = program.called("aws:ssm/getParameter:getParameter");
    expect(calls.map(({ name }) => name)).to.deep.equal([
      "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base",
      older,
    ]);
  });

  it("has a root volume of the size that was asked for", async () => {
    host({ volumeSizeGiB: 50 });
    await program.settled();
    const { inputs } = program.only("aws:ec2/instance:Instance");
    expect(inputs["rootBlockDevice"]).to.deep.equal({
      encrypted: true,
      volumeType: "gp3",
      volumeSize: 50,
    });
  });

  it("passes the bootstrap its new name, its directory and the arguments of its packages", async () => {
    host({
      platform: "windows",
      cloudwatch: "SKIP",
      hostname: "WEB01",
      domain: "d-1234567890",
      arguments: { tool: { SSM_PORT: "80" } },
    });
    await program.settled();
    expect(program.only("aws:ec2/instance:Instance").inputs["tags"]).to.deep.equal({
      Name: "web",
      "cf.ec2.bootstrap.enabled": "true",
      "cf.ec2.bootstrap.packages": '["tool","other"]',
      "cf.ec2.bootstrap.cloudwatch.config": "SKIP",
      "cf.ec2.bootstrap.arguments": '{"tool":{"SSM_PORT":"80"}}',
      "cf.ec2.bootstrap.hostname": "WEB01",
      "cf.ec2.bootstrap.domain": "d-1234567890",
    });
  });

  const refusals: readonly [what: string, args: Partial<ManagedHostArgs>, problem: string][] = [
    [
      "an instance type that is none",
      { instanceType: "t3.mirco" },
      'instanceType: expected an EC2 instance type, got "t3.mirco"; write for example "t3.micro"',
    ],
    [
      "Windows on a Graviton",
      { platform: "windows", instanceType: "t4g.medium" },
      'instanceType: expected a type with an x86_64 processor, got "t4g.medium"; there is no Windows Server for AWS Graviton',
    ],
    [
      "a tag that is too long",
      { packages: ["p".repeat(253)] },
      "tags: expected at most 256 characters in cf.ec2.bootstrap.packages, got 257",
    ],
  ];
  for (const [what, args, problem] of refusals) {
    it(`refuses ${what}`, () => {
      const text = `ManagedHost "web": invalid arguments\n  ${problem}`;
      expect(() => host(args)).to.throw(ArgumentError, text);
    });
  }
});
