import type { AgentsCloud } from "./agents.js";
import { AGENT_VERSION } from "../../../../host/layout.js";
import type { HostConditions } from "../../../../host/conditions.js";
import { AwsError, messageOf } from "../../../../kernel/errors.js";
import type { ManagedInstance } from "./instance-information.js";

/**
 * Minutes after which an agent that could not register tries again, one after the other. Source: agent's
 * hibernation.go: after 5 minutes, then every 10 for half an hour, then every 20. The rehearsal follows the
 * first of these tries only, so that it ends.
 */
const RETRIES = [5, 10, 10, 10];

/** The agent's start: it goes online, or tries again later, or stays away. To be spawned. */
export async function register(
  cloud: AgentsCloud,
  managed: ManagedInstance,
  conditions: HostConditions,
): Promise<void> {
  const { agent, instance, starts } = managed;
  if (starts > 1) await managed.host.reboot();
  if (conditions.agent === "offline") {
    agent.report(
      "failure",
      "the agent does not reach Systems Manager: the scenario says that it is offline",
    );
    return;
  }
  if (conditions.offlineFor !== undefined && starts === 1) {
    const seconds = conditions.offlineFor / 1000;
    agent.report(
      "failure",
      `the agent does not reach Systems Manager: the scenario says that it is offline for ${seconds} s`,
    );
    await cloud.clock.sleep(conditions.offlineFor);
  }
  let reported = "";
  for (const [attempt, minutes] of [...RETRIES, undefined].entries()) {
    if (instance.state !== "running" || managed.starts !== starts) return;
    const problem = await connect(cloud, managed);
    if (problem === undefined) {
      agent.report("success", `the agent is online (version ${AGENT_VERSION})`);
      cloud.ssm.associations.instanceOnline(instance);
      return;
    }
    // The same message at every attempt would only make the timeline longer.
    if (problem !== reported) agent.report("failure", `the agent cannot register: ${problem}`);
    reported = problem;
    if (minutes === undefined) break;
    if (attempt === 0) agent.report("info", `the agent tries again in ${minutes} minutes`);
    await cloud.clock.sleep(minutes * 60_000);
  }
  agent.report(
    "warning",
    `the agent stays offline after ${RETRIES.length + 1} attempts; it would go on trying, the rehearsal does not`,
  );
}

/** Registers with the credentials of the instance profile; the text is why it cannot. */
async function connect(cloud: AgentsCloud, managed: ManagedInstance): Promise<string | undefined> {
  const { agent, host } = managed;
  const { id, os, privateIp } = managed.instance;
  try {
    await agent.call("ssm", "UpdateInstanceInformation", {
      InstanceId: id,
      AgentName: "amazon-ssm-agent",
      AgentStatus: "Active",
      AgentVersion: AGENT_VERSION,
      PlatformType: os.platformType,
      PlatformName: os.platformName,
      PlatformVersion: os.platformVersion,
      IPAddress: privateIp,
      ComputerName: host.name,
    });
    const channel = { MessageSchemaVersion: "1.0", RequestId: cloud.ids.uuid("channel") };
    await agent.call("ssmmessages", "CreateControlChannel", channel);
    await agent.call("ssmmessages", "OpenControlChannel", channel);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return messageOf(error);
  }
  managed.connected = true;
  return undefined;
}
