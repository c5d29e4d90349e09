import { expect } from "chai";
import { MEMBER, REGION, WINDOWS_IMAGE, TestCloud } from "../../../../support/test-cloud.js";

const ARN = "arn:aws:ssm:::package/AmazonCloudWatchAgent";

describe("packages that AWS publishes", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const configure = async (id: string, name: string, action = "Install", more: object = {}) => {
    const { Command } = await testCloud.call<{ Command: { CommandId: string } }>(
      "ssm",
      "SendCommand",
      {
        DocumentName: "AWS-ConfigureAWSPackage",
        InstanceIds: [id],
        Parameters: { action: [action], name: [name], ...more },
      },
    );
    await testCloud.cloud.clock.run();
    return testCloud.call<Record<string, string>>("ssm", "GetCommandInvocation", {
      CommandId: Command.CommandId,
      InstanceId: id,
    });
  };
  const callsOfHost = () =>
    testCloud.cloud.calls
      .filter(({ principal }) => principal.includes("host"))
      .map(({ call, outcome }) => `${call} ${outcome}`)
      .filter((call) => /Manifest|Configure/.test(call));

  it("are installed by their names, with the calls of the host's role", async () => {
    const { id } = await testCloud.host();
    const result = await configure(id, "AmazonCloudWatchAgent");
    expect(result["Status"]).to.equal("Success");
    expect(result["StandardOutputContent"]).to.equal(
      `Initiating ${ARN} 1.300062.0 install\nPlugin aws:runShellScript ResultStatus Success\nSuccessfully installed ${ARN} 1.300062.0\n`,
    );
    expect(callsOfHost()).to.deep.equal([
      "ssm:GetManifest allowed",
      "ssm:GetManifest allowed",
      "ssm:PutConfigurePackageResult allowed",
    ]);
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, id);
    expect(host?.packages).to.deep.equal([
      { name: "AmazonCloudWatchAgent", arn: ARN, version: "1.300062.0", status: "Installed" },
    ]);
    expect(await host?.run("cat /opt/aws/amazon-cloudwatch-agent/bin/CWAGENT_VERSION")).to.include({
      stdout: "1.300062.0\n",
    });
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([]);
  });

  it("are left alone where they are installed, and can be uninstalled", async () => {
    const { id } = await testCloud.host();
    await configure(id, "AmazonCloudWatchAgent");
    const again = await configure(id, "AmazonCloudWatchAgent");
    expect(again["StandardOutputContent"]).to.equal(`${ARN} 1.300062.0 is already installed\n`);
    const uninstalled = await configure(id, "AmazonCloudWatchAgent", "Uninstall");
    expect(uninstalled["Status"]).to.equal("Success");
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, id);
    expect(host?.packages).to.deep.equal([]);
    expect(await host?.run("ls /opt/aws/amazon-cloudwatch-agent/bin")).to.include({ stdout: "" });
  });

  it("fail on a platform that they are not for, in the agent's words", async () => {
    const { id } = await testCloud.host();
    const result = await configure(id, "AwsVssComponents");
    expect(result["Status"]).to.equal("Failed");
    expect(result["StandardErrorContent"]).to.include(
      "failed to find platform: no manifest found for platform: amazon, version 2023, architecture x86_64",
    );
  });

  it("are installed on Windows, where no script of AWS's is called parsed", async () => {
    const { id } = await testCloud.host("win", {}, WINDOWS_IMAGE);
    for (const name of ["AwsVssComponents", "AmazonCloudWatchAgent"])
      expect((await configure(id, name))["Status"]).to.equal("Success");
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, id);
    expect(host?.packages.map(({ name }) => name)).to.deep.equal([
      "AwsVssComponents",
      "AmazonCloudWatchAgent",
    ]);
    expect([...testCloud.cloud.parsedOnly]).to.deep.equal([]);
  });

  it("are installed although the host's role may not report it, which is said", async () => {
    const { id } = await testCloud.host();
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      role: "host",
      policy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action: "ssm:PutConfigurePackageResult", Resource: "*" }],
      },
    });
    const result = await configure(id, "AmazonCloudWatchAgent");
    expect(result["Status"]).to.equal("Success");
    expect(result["StandardErrorContent"]).to.match(
      /^Error reporting results: failed to report results: AccessDeniedException: /,
    );
    expect(callsOfHost().at(-1)).to.equal("ssm:PutConfigurePackageResult denied");
  });

  it("fail where they are not modelled, and are reported", async () => {
    const { id } = await testCloud.host();
    const result = await configure(id, "AWSPVDriver");
    expect(result["StandardErrorContent"]).to.include("of AWS's packages two are modelled");
    const other = await configure(id, "AmazonCloudWatchAgent", "Install", { version: ["1.2.3"] });
    expect(other["Status"]).to.equal("Failed");
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([
      "package AWSPVDriver",
      "package AmazonCloudWatchAgent 1.2.3",
    ]);
  });
});
