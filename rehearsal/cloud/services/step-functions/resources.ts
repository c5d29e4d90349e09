import { parseArn } from "../../../kernel/arn.js";
import { AccessDenied, AwsError } from "../../../kernel/errors.js";
import type { Deployment } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { StepFunctionsService } from "./step-functions.js";
import { parseDefinition } from "./definition.js";
import type { StateMachine, StepFunctionsCloud } from "./execution.js";

interface Inputs {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: string;
  readonly loggingConfiguration?: {
    readonly level?: string;
    readonly logDestination?: string;
    readonly includeExecutionData?: boolean;
  };
}

/** What the role must be allowed where logs are kept. Source: developer guide, "IAM Policies for logging to CloudWatch Logs". */
const LOG_ACTIONS = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

/** The Pulumi resource type of Step Functions. */
export function stateMachineResources(service: StepFunctionsService, cloud: StepFunctionsCloud) {
  const settingsOf = async (inputs: Inputs, at: Deployment, arn: string) => {
    if (inputs.type !== undefined && inputs.type !== "STANDARD")
      cloud.reportNotRehearsed(`a state machine of type ${inputs.type}`);
    const definition = parseDefinition(inputs.definition);
    cloud.iam.roleByArn(inputs.roleArn);
    const logging = await loggingOf(inputs, cloud, at, arn);
    return { definition, text: inputs.definition, roleArn: inputs.roleArn, logging };
  };
  const outputsOf = ({ arn, created }: StateMachine) => ({
    arn,
    creationDate: new Date(created).toISOString(),
    status: "ACTIVE",
    revisionId: "",
  });
  return [
    resourceType<Inputs>({
      type: "aws:sfn/stateMachine:StateMachine",
      models: ["name", "definition", "roleArn", "type", "loggingConfiguration", "tags"],
      replaceOnChanges: ["name", "type"],
      autoname: "name",
      create: async (inputs, at) => {
        const { name } = inputs;
        if (!/^[\w-]{1,80}$/.test(name))
          throw new AwsError(
            "InvalidName",
            `Invalid Name: '${name}': 1-80 letters, digits, - and _`,
          );
        const { account, region } = at;
        const arn = cloud.arn("states", region, account, `stateMachine:${name}`);
        if (service.machines.has(arn))
          throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
        const { logging, ...settings } = await settingsOf(inputs, at, arn);
        const machine: StateMachine = {
          cloud,
          name,
          arn,
          account,
          region,
          created: cloud.clock.now,
          ...settings,
          ...(logging !== undefined && { logging }),
        };
        service.machines.set(arn, machine);
        return { id: arn, outputs: outputsOf(machine) };
      },
      update: async (id, inputs, at) => {
        const machine = service.machine(id);
        const { logging, ...settings } = await settingsOf(inputs, at, id);
        Object.assign(machine, settings);
        if (logging === undefined) delete machine.logging;
        else machine.logging = logging;
        return outputsOf(machine);
      },
      delete: (id) => void service.machines.delete(id),
    }),
  ];
}

/** Step Functions sees when a state machine is made whether its role can deliver logs. */
async function loggingOf(
  { loggingConfiguration, roleArn }: Inputs,
  cloud: StepFunctionsCloud,
  { account, region }: Deployment,
  arn: string,
): Promise<StateMachine["logging"]> {
  const { level = "OFF", logDestination } = loggingConfiguration ?? {};
  if (level === "OFF") return undefined;
  if (!["ALL", "ERROR", "FATAL"].includes(level))
    throw new AwsError("InvalidLoggingConfiguration", `Invalid Logging Configuration: ${level}`);
  const group = /^log-group:(.+):\*$/.exec(parseArn(logDestination ?? "")?.resource ?? "")?.[1];
  if (group === undefined) {
    const words = "the log destination must be the ARN of a log group, with :* at its end";
    throw new AwsError("InvalidLoggingConfiguration", `Invalid Logging Configuration: ${words}`);
  }
  cloud.logs.group({ account, region }, group);
  const service = "states.amazonaws.com";
  try {
    const session = await cloud.sts.assume({
      principal: { kind: "service", service, sourceAccount: account, sourceArn: arn },
      roleArn,
      sessionName: "logging",
      region,
    });
    const needed = LOG_ACTIONS.map((action) => ({
      action,
      resource: "*",
      resourceAccount: account,
    }));
    await cloud.authorise(session, region, needed);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    throw new AwsError(
      "AccessDeniedException",
      `The state machine IAM Role is not authorized to access the Log Destination: ${error.message}`,
    );
  }
  return { level, group };
}
