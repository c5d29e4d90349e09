import { AwsError, messageOf, NotRehearsed } from "../../kernel/errors.js";
import { isoTime } from "../../kernel/clock.js";
import { LATENCY } from "../../kernel/latency.js";
import type { AgentPort, Plugin, PluginResult } from "../plugins/plugin.js";
import { notRehearsed } from "../plugins/plugin.js";
import { apiMessage } from "../plugins/package-source.js";
import { ConfigurationError, readConfiguration } from "./configuration.js";

const CONTROL = {
  Linux: "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
  Windows: "C:\\Program Files\\Amazon\\AmazonCloudWatchAgent\\amazon-cloudwatch-agent-ctl.ps1",
};

const FOLDER = {
  Linux: "/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/",
  Windows: "C:\\ProgramData\\Amazon\\AmazonCloudWatchAgent\\Configs\\",
};

/** What a step of AmazonCloudWatch-ManageAgent does: lines that it prints, and whether it fails. */
class Output {
  private readonly lines: string[] = [];

  say(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  get success(): PluginResult {
    return { status: "Success", exitCode: 0, stdout: this.text, stderr: "" };
  }

  /** The agent's words for a script that failed follow on its standard error. */
  failure(stderr = ""): PluginResult {
    const end = "failed to run commands: exit status 1";
    return { status: "Failed", exitCode: 1, stdout: this.text, stderr: `${stderr}${end}` };
  }

  private get text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }
}

/**
 * The step of AWS's document AmazonCloudWatch-ManageAgent, whose scripts are AWS's and not run here: what they and the
 * agent's own tools do is modelled. Source of the words: amazon-cloudwatch-agent-ctl, cmd/config-downloader and
 * cmd/config-translator of aws/amazon-cloudwatch-agent.
 */
export const manageCloudWatchAgent: Plugin = async (inputs, agent) => {
  const text = (key: string) => (typeof inputs[key] === "string" ? inputs[key] : "");
  const { platformType } = agent.host.instance.os;
  await agent.sleep(LATENCY.hostScript);
  const output = new Output();
  if (!(await agent.host.has(CONTROL[platformType]))) {
    output.say(
      "CloudWatch Agent not installed.  Please install it using the AWS-ConfigureAWSPackage SSM Document.",
    );
    agent.report("failure", "the CloudWatch agent is not installed");
    return output.failure();
  }
  const action = text("action");
  const { cloudWatchAgent } = agent.host;
  output.say("****** processing amazon-cloudwatch-agent ******");
  if (action === "status") output.say(status(agent));
  else if (action === "stop") cloudWatchAgent.stop();
  else if (action === "start" && cloudWatchAgent.configurations.size > 0)
    cloudWatchAgent.start(agent);
  else if (/^configure( \((append|remove)\))?$/.test(action))
    return configure(agent, output, {
      action,
      source: text("source"),
      location: text("location"),
      isRestarted: text("restart") === "yes",
    });
  else return notRehearsed(agent, `AmazonCloudWatch-ManageAgent: ${action} as it is`);
  return output.success;
};

interface Wanted {
  readonly action: string;
  readonly source: string;
  readonly location: string;
  readonly isRestarted: boolean;
}

async function configure(agent: AgentPort, output: Output, wanted: Wanted): Promise<PluginResult> {
  const { action, source, location, isRestarted } = wanted;
  const { cloudWatchAgent: own } = agent.host;
  const isRemoval = action === "configure (remove)";
  if (source !== "ssm" && !(source === "all" && isRemoval))
    return notRehearsed(agent, `AmazonCloudWatch-ManageAgent: configuration source ${source}`);
  const file = `ssm_${location.replaceAll(/[/ :]/g, "_")}`;
  if (source === "all") own.configurations.clear();
  else if (isRemoval) own.configurations.delete(file);
  else {
    const problem = await fetchConfiguration(agent, output, wanted, file);
    if (problem !== undefined) return problem;
  }
  if (isRestarted) {
    own.stop();
    if (own.configurations.size > 0) own.start(agent);
  }
  const runs = own.runningSince === undefined ? "does not run" : "runs";
  const from = source === "all" ? "nothing" : location;
  agent.report("success", `the CloudWatch agent ${runs}, ${action} with ${from}`);
  return output.success;
}

/** Undefined: it is there and right. */
async function fetchConfiguration(
  agent: AgentPort,
  output: Output,
  { action, location: Name }: Wanted,
  file: string,
): Promise<PluginResult | undefined> {
  const { instance, cloudWatchAgent: own } = agent.host;
  const { platformType } = instance.os;
  output.say(`Region: ${instance.region}`, "credsConfig: map[]");
  let text: string;
  try {
    const input = { Name, WithDecryption: true };
    const answer = await agent.call<{ Parameter: { Value: string } }>("ssm", "GetParameter", input);
    text = answer.Parameter.Value;
  } catch (error) {
    if (!(error instanceof AwsError) || error instanceof NotRehearsed) throw error;
    output.say(
      `Error in retrieving parameter store content: ${apiMessage(error)}`,
      `E! Fail to fetch/remove json config: ${apiMessage(error)}`,
      "Fail to fetch the config!",
    );
    agent.report(
      "failure",
      `the CloudWatch agent gets no configuration ${Name}: ${messageOf(error)}`,
    );
    return output.failure();
  }
  output.say(
    `Successfully fetched the config and saved in ${FOLDER[platformType]}${file}.tmp`,
    "Start configuration validation...",
  );
  try {
    const found = readConfiguration(text, platformType);
    for (const section of found.notRehearsed) agent.reportNotRehearsed(section);
    if (action === "configure") own.configurations.clear();
    own.configurations.set(file, found);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    output.say(
      "E! Invalid Json input schema.",
      error.message,
      "Configuration validation first phase failed. Agent version: 1.0. Verify the JSON input is only using features supported by this version.",
    );
    agent.report("failure", `the CloudWatch agent refuses ${Name}: ${error.message}`);
    return output.failure();
  }
  await agent.host.leave(`${FOLDER[platformType]}${file}`, text);
  output.say(
    "I! Valid Json input schema.",
    "Configuration validation first phase succeeded",
    "Configuration validation second phase succeeded",
    "Configuration validation succeeded",
  );
  return undefined;
}

function status({ host }: AgentPort): string {
  const { runningSince, configurations } = host.cloudWatchAgent;
  const version = host.packages.find(({ name }) => name === "AmazonCloudWatchAgent")?.version ?? "";
  const shown = {
    status: runningSince === undefined ? "stopped" : "running",
    starttime: runningSince === undefined ? "" : isoTime(runningSince),
    configstatus: configurations.size === 0 ? "not configured" : "configured",
    version,
  };
  return JSON.stringify(shown, undefined, 2);
}
