import { expect } from "chai";
import { mayDecryptSecrets, mayReadSecrets } from "../../components/hosts/host-feature-grants.js";
import { contentOf } from "../../packing/content.js";
import { linuxPackage } from "../../rehearsal/test/host/support.js";
import { packageInputs } from "../../rehearsal/test/support/packages.js";
import { LOG, MEMBER, REGION, TestCloud } from "../../rehearsal/test/support/test-cloud.js";
import { readVariant } from "../support/variants.js";

const account = { id: MEMBER, partition: "aws" } as const;
const name = "/tool/token";

describe("The secrets of a package, read in the local cloud with the role of the host", () => {
  let testCloud: TestCloud;
  let instanceId: string;

  /** The log account's package, and a host whose role has the agent's statements and the given ones. */
  async function deploy(...grants: readonly object[]): Promise<void> {
    testCloud = new TestCloud();
    await testCloud.bucket();
    const read = readVariant({
      install: 'printf %s "$TOKEN" > /opt/token',
      uninstall: "rm -f /opt/token",
      secrets: { TOKEN: name },
    });
    const texts = [...contentOf(read)].map(([file, bytes]) => [file, bytes.toString()] as const);
    const tool = linuxPackage("1.0.0", Object.fromEntries(texts));
    await testCloud.document(await packageInputs(testCloud, "cf-package-tool", "1.0.0", tool));
    const profile = await testCloud.profile([]);
    const agents = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:*",
      "ec2messages:*",
      "ssm:DescribeDocument",
      "ssm:GetDocument",
    ];
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: agents, Resource: "*" }, ...grants],
    };
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", { role: "host", policy });
    ({ id: instanceId } = testCloud.launch("web", profile));
    await testCloud.cloud.clock.run();
  }

  const secret = (value: string) =>
    testCloud.create("aws:ssm/parameter:Parameter", "test", { name, type: "SecureString", value });

  async function install(additionalArguments = "{}"): Promise<Record<string, unknown>> {
    const arn = `arn:aws:ssm:${REGION}:${LOG}:document/cf-package-tool`;
    await testCloud.call("ssm", "SendCommand", {
      DocumentName: "AWS-ConfigureAWSPackage",
      InstanceIds: [instanceId],
      Parameters: {
        action: ["Install"],
        name: [arn],
        additionalArguments: [additionalArguments],
      },
    });
    await testCloud.cloud.clock.run();
    const { Commands } = await testCloud.call<{ Commands: { CommandId: string }[] }>(
      "ssm",
      "ListCommands",
      {},
    );
    const CommandId = Commands[0]?.CommandId ?? "";
    const input = { CommandId, InstanceId: instanceId };
    return testCloud.call<Record<string, unknown>>("ssm", "GetCommandInvocation", input);
  }
  const onHost = async (script: string) =>
    (await testCloud.cloud.ssm.agents.host(MEMBER, REGION, instanceId)?.run(script))?.stdout;

  it("reach the install line and no command, timeline or recorded call", async () => {
    await deploy(mayReadSecrets(account, [name]), mayDecryptSecrets(account, [name]));
    await secret("hunter2");
    const answer = await install('{"SSM_MODE":"quiet"}');
    expect(answer, JSON.stringify(answer)).to.include({ Status: "Success" });
    expect(await onHost("cat /opt/token")).to.equal("hunter2");
    const commands = await testCloud
      .call("ssm", "ListCommandInvocations", { Details: true })
      .catch(() => ({}));
    const records = [answer, commands, testCloud.cloud.timeline, testCloud.cloud.calls];
    expect(JSON.stringify(records)).not.to.include("hunter2");
    expect(await install('{"SSM_MODE":"quiet"}')).to.have.property("Status", "Success");
    expect(testCloud.timelineOf("agent").at(-1)).to.include("is already installed");
    expect(await install('{"SSM_MODE":"loud"}')).to.have.property("Status", "Success");
    expect(testCloud.timelineOf("agent").join("\n")).to.include(
      "fleet: tool: arguments or secrets changed",
    );
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([]);
  });

  const says =
    "fleet: tool: secret TOKEN, parameter /tool/token: could not be read in eu-central-1; it must exist there, and the role of the host must be allowed to read it";

  it("fail the installation where the role may not read them", async () => {
    await deploy(mayReadSecrets(account, ["/tool/other"]));
    await secret("hunter2");
    const answer = await install();
    expect(answer).to.have.property("Status", "Failed");
    expect(answer["StandardErrorContent"]).to.include("AccessDenied").and.to.include(says);
  });

  it("fail the installation where there is no such parameter", async () => {
    await deploy(mayReadSecrets(account, [name]));
    const answer = await install();
    expect(answer).to.have.property("Status", "Failed");
    expect(answer["StandardErrorContent"]).to.include("ParameterNotFound").and.to.include(says);
  });
});
