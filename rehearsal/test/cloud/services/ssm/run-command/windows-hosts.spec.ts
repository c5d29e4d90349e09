import { expect } from "chai";
import { MEMBER, REGION, WINDOWS_IMAGE, World } from "../world.js";
import { refusal } from "../../../refusal.js";

describe("Windows hosts in Systems Manager", () => {
  let world: World;
  let instanceId: string;

  beforeEach(async () => {
    world = new World();
    ({ id: instanceId } = await world.host("win", {}, WINDOWS_IMAGE));
  });

  const send = async (DocumentName: string, commands: readonly string[]) => {
    await world.call("SendCommand", {
      DocumentName,
      InstanceIds: [instanceId],
      Parameters: { commands },
    });
    await world.cloud.clock.run();
    const { Commands } = await world.call<{ Commands: { CommandId: string }[] }>(
      "ListCommands",
      {},
    );
    return world.call<Record<string, unknown>>("GetCommandInvocation", {
      CommandId: Commands[0]?.CommandId ?? "",
      InstanceId: instanceId,
    });
  };

  it("register with the facts that the agent reports there", async () => {
    const { InstanceInformationList } = await world.call<{ InstanceInformationList: object[] }>(
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
    expect([...world.cloud.parsedOnly]).to.deep.equal([
      ["_script.ps1 of AWS-RunPowerShellScript", 1],
    ]);
    expect([...world.cloud.notRehearsed.keys()]).to.deep.equal([]);
    expect(await send("AWS-RunPowerShellScript", ["if ("])).to.include({
      Status: "Failed",
      ResponseCode: 1,
    });
  });

  it("reboot where a script asks for it, and are taken for a loop where it always asks", async () => {
    const answer = await send("AWS-RunPowerShellScript", ["exit 3010"]);
    expect(answer).to.include({ Status: "Failed" });
    expect(answer["StandardErrorContent"]).to.include("asked for a reboot 6 times in a row");
    const host = world.cloud.ssm.agents.host(MEMBER, REGION, instanceId);
    expect(host?.windows?.reboots).to.equal(5);
  });

  it("are refused documents of shell scripts", async () => {
    expect(await refusal(send("AWS-RunShellScript", ["date"]))).to.match(
      /^UnsupportedPlatformType:/,
    );
  });
});
