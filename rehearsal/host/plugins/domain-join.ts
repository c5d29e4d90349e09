import { AwsError, NotRehearsed } from "../../kernel/errors.js";
import { LATENCY } from "../../kernel/latency.js";
import { apiMessage } from "./package-source.js";
import type { Plugin, PluginResult } from "./plugin.js";
import { notRehearsed } from "./plugin.js";

/**
 * `aws:domainJoin` on Windows: makes the computer's account with the host's role, joins, restarts. What the agent runs
 * for it is a program of AWS's, Ec2Config.DomainJoin.exe, which is not here. Source: agent's domainjoin_windows.go; the
 * calls are those that AmazonSSMDirectoryServiceAccess allows.
 */
export const domainJoin: Plugin = async (inputs, agent) => {
  const { windows } = agent.host;
  // There the agent's script wants a secret, the AWS CLI and packages of the distribution.
  if (windows === undefined) return notRehearsed(agent, "aws:domainJoin on Linux");
  const text = (key: string) => (typeof inputs[key] === "string" ? inputs[key] : "");
  const [id, name, addresses] = [
    text("directoryId"),
    text("directoryName"),
    inputs["dnsIpAddresses"],
  ];
  await agent.sleep(LATENCY.hostScript);
  if (windows.domain === name) {
    agent.report("success", `the host is a member of the domain ${name}`);
    return ended("Success", "Domain join succeeded.");
  }
  const fail = (reason: string) => {
    agent.report("failure", `the host does not join ${id}: ${reason}`);
    return { ...ended("Failed", "Domain join failed."), exitCode: 1, stderr: reason };
  };
  if (!Array.isArray(addresses) || addresses.length !== 2)
    return fail("Must provide two dns addresses.");
  const closed = addresses.flatMap((address) =>
    CONTROLLER_PORTS.filter((port) => !agent.letOut(String(address), port)).map(
      (port) => `${String(address)}:${port}`,
    ),
  );
  if (closed.length > 0) {
    const why = `its security groups let nothing out to ${closed.join(", ")}`;
    return fail(`The specified domain ${name} ${unknown} (${why})`);
  }
  try {
    const { DirectoryDescriptions: found } = await agent.call<{
      DirectoryDescriptions: readonly { readonly Name: string }[];
    }>("ds", "DescribeDirectories", { DirectoryIds: [id] });
    if (found[0]?.Name !== name) return fail(`The specified domain ${name} ${unknown}.`);
    await agent.call("ds", "CreateComputer", {
      DirectoryId: id,
      ComputerName: windows.computerName,
      // One that is thrown away after the join; nothing here looks at it.
      Password: "not-modelled",
    });
  } catch (error) {
    if (!(error instanceof AwsError) || error instanceof NotRehearsed) throw error;
    return fail(apiMessage(error));
  }
  windows.domain = name;
  agent.report("info", `the host joins the domain ${name}`);
  return ended("SuccessAndReboot", "Domain join succeeded.");
};

/** TCP ports without which no host joins: DNS, Kerberos, RPC, LDAP, SMB. The network behind them is not modelled. */
const CONTROLLER_PORTS = [53, 88, 135, 389, 445] as const;

const unknown = "either does not exist or could not be contacted";

function ended(status: PluginResult["status"], stdout: string): PluginResult {
  return { status, exitCode: 0, stdout, stderr: "" };
}
