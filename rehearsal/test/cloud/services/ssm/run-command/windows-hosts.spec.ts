import { expect } from "chai";
import { MEMBER, REGION, WINDOWS_IMAGE, TestCloud } from "../../../../support/test-cloud.js";
import { refusal } from "../../../refusal.js";

describe("Windows hosts in Systems Manager", () => {
  let testCloud: TestCloud;
  let instanceId: string;

  beforeEach(async () => {
    testCloud = new TestCloud();
    ({ id: instanceId } = await testCloud.host("win", {}, WINDOWS_IMAGE));
  });

  const send = async (DocumentName: string, commands: readonly string[]) => {
    await testCloud.call("ssm", "SendCommand", {
      DocumentName,
      InstanceIds: [instanceId],
      Parameters: { commands },
    });
    await testCloud.cloud.clock.run();
    const { Commands } = await testCloud.call<{ Commands: { CommandId: string }[] }>(
      "ssm",
      "ListCommands",
      {},
    );
    return testCloud.call<Record<string, unknown>>("ssm", "GetCommandInvocation", {
      CommandId: Commands[0]?.CommandId ?? "",
      InstanceId: instanceId,
    });
  };

  it("register with the facts that the agent reports there", async () => {
    const { InstanceInformationList } = await testCloud.call<{ InstanceInformationList: object[] }>(
      "ssm",
      "DescribeInstanceInformation",
      { Filters: [{ Key: "PlatformTypes", Values: ["Windows"] }] },
    );
    expect(InstanceInformationList).to.have.lengthOf(1);
    expect(InstanceInformationList[0]).to.include({
      InstanceId: instanceId,
      PingStatus: "Online",
      PlatformType: "Windows",
      PlatformName: "Microsoft Windows Server 2022 Datacenter",
      PlatformVersion: "10.0.20348",
    });
    const { ComputerName } = InstanceInformationList[0] as { ComputerName: string };
    expect(ComputerName).to.match(/^EC2AMAZ-[0-9A-F]{7}\.WORKGROUP$/);
  });

  it("have their scripts parsed, and the cloud remembers which", async () => {
    expect(await send("AWS-RunPowerShellScript", ["Get-Date"])).to.include({ Status: "Success" });
    expect([...testCloud.cloud.parsedOnly]).to.deep.equal([
      ["_script.ps1 of AWS-RunPowerShellScript", 1],
    ]);
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([]);
    expect(await send("AWS-RunPowerShellScript", ["if ("])).to.include({
      Status: "Failed",
      ResponseCode: 1,
    });
  });

  it("have no answers for automations, which would take the words for people as the host's", async () => {
    const { CommandId } = await send("AWS-RunPowerShellScript", ["Get-Date"]);
    const automation = { ...testCloud.operator(MEMBER), sessionName: "Automation-1" };
    const input = { CommandId, InstanceId: instanceId };
    const refused = await refusal(testCloud.call("ssm", "GetCommandInvocation", input, automation));
    expect(refused).to.equal(
      "NotRehearsed: not rehearsed: what AWS-RunPowerShellScript answers on Windows: its PowerShell is parsed, not executed",
    );
  });

  it("reboot where a script asks for it, and are taken for a loop where it always asks", async () => {
    const answer = await send("AWS-RunPowerShellScript", ["exit 3010"]);
    expect(answer).to.include({ Status: "Failed" });
    expect(answer["StandardErrorContent"]).to.include("asked for a reboot 6 times in a row");
    const host = testCloud.cloud.ssm.agents.host(MEMBER, REGION, instanceId);
    expect(host?.windows?.reboots).to.equal(5);
  });

  it("are refused documents of shell scripts", async () => {
    expect(await refusal(send("AWS-RunShellScript", ["date"]))).to.match(
      /^UnsupportedPlatformType:/,
    );
  });
});
