import { type Arn } from "../arn.js";
import { type Cloud } from "../cloud.js";
import { AwsError } from "../errors.js";
import { deliver, type Target } from "../events/delivery.js";
import { type CloudEvent } from "../events/event.js";
import { checkTransformer, type InputTransformer } from "../events/input-transformer.js";
import { type EventPattern, matches, parsePattern } from "../events/pattern.js";
import { LATENCY } from "../latency.js";
import { Regional } from "../regional.js";
import { type Deployment, resourceType, type Service } from "../resource.js";

interface Rule {
  readonly name: string;
  readonly arn: Arn;
  pattern: EventPattern | undefined;
  enabled: boolean;
  readonly targets: Map<string, Target>;
}

/** What a service says when something happened. */
export interface Emitted {
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface RuleInputs {
  readonly name: string;
  readonly eventPattern?: string;
  readonly scheduleExpression?: string;
  readonly state?: "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

interface TargetInputs {
  readonly rule: string;
  readonly arn: string;
  readonly targetId?: string;
  readonly roleArn?: string;
  readonly input?: string;
  readonly inputTransformer?: InputTransformer;
  readonly deadLetterConfig?: { readonly arn?: string };
  readonly retryPolicy?: {
    readonly maximumRetryAttempts?: number;
    readonly maximumEventAgeInSeconds?: number;
  };
}

/** EventBridge's default bus: rules that match events and call targets. */
export class EventsService implements Service {
  private readonly rules = new Regional<Rule>();

  constructor(private readonly cloud: Cloud) {}

  /** Puts an event on the account's bus; its targets are called after a while. */
  emit(emitted: Emitted): void {
    const { account, region } = emitted;
    const event: CloudEvent = {
      version: "0",
      id: this.cloud.ids.uuid("event"),
      "detail-type": emitted.detailType,
      source: emitted.source,
      account,
      time: this.cloud.clock.iso,
      region,
      resources: emitted.resources,
      detail: emitted.detail,
    };
    const instanceId = instanceOf(emitted.resources);
    for (const rule of this.rules.in(account, region).values()) {
      if (!rule.enabled || rule.pattern === undefined || !matches(rule.pattern, event)) continue;
      for (const target of rule.targets.values()) {
        const delivery = {
          event,
          ruleArn: rule.arn,
          ruleName: rule.name,
          target,
          ...(instanceId !== undefined && { instanceId }),
        };
        this.cloud.clock.spawn(() => deliver(this.cloud, delivery), LATENCY.eventDelivery);
      }
    }
  }

  readonly resourceTypes = [
    resourceType<RuleInputs>({
      type: "aws:cloudwatch/eventRule:EventRule",
      models: ["name", "description", "eventPattern", "state", "tags"],
      replaceOnChanges: ["name", "eventBusName"],
      autoname: "name",
      create: (inputs, at) => {
        if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(inputs.name)) {
          throw new AwsError(
            "ValidationException",
            `Rule name "${inputs.name}" (${inputs.name.length} characters): 1-64 of letters, digits, . - _`,
          );
        }
        const arn = this.ruleArn(inputs.name, at);
        const rule: Rule = {
          name: inputs.name,
          arn,
          pattern: undefined,
          enabled: true,
          targets: new Map(),
        };
        this.configure(rule, inputs);
        this.rules.in(at.account, at.region).set(inputs.name, rule);
        return { id: inputs.name, outputs: { arn } };
      },
      update: (id, inputs, at) => {
        this.configure(this.rule(id, at), inputs);
        return { arn: this.ruleArn(id, at) };
      },
      delete: (id, at) => {
        const rule = this.rules.in(at.account, at.region).get(id);
        if (rule !== undefined && rule.targets.size > 0) {
          throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
        }
        this.rules.in(at.account, at.region).delete(id);
      },
    }),
    resourceType<TargetInputs>({
      type: "aws:cloudwatch/eventTarget:EventTarget",
      models: [
        "rule",
        "arn",
        "targetId",
        "roleArn",
        "input",
        "inputTransformer",
        "deadLetterConfig",
        "retryPolicy",
      ],
      replaceOnChanges: ["rule", "targetId", "eventBusName"],
      create: (inputs, at) => {
        const targetId =
          inputs.targetId ?? `target-${this.cloud.ids.hex(`target ${at.account} ${at.name}`, 8)}`;
        const rule = this.rule(inputs.rule, at);
        if (!rule.targets.has(targetId) && rule.targets.size >= 5) {
          throw new AwsError(
            "LimitExceededException",
            "The requested resource exceeds the maximum number allowed: 5 targets per rule.",
          );
        }
        rule.targets.set(targetId, this.target(inputs));
        return { id: `${inputs.rule}-${targetId}`, outputs: { targetId, eventBusName: "default" } };
      },
      update: (id, inputs, at) => {
        const targetId = id.slice(inputs.rule.length + 1);
        this.rule(inputs.rule, at).targets.set(targetId, this.target(inputs));
        return { targetId, eventBusName: "default" };
      },
      delete: (id, at) => {
        for (const rule of this.rules.in(at.account, at.region).values()) {
          if (id.startsWith(`${rule.name}-`)) rule.targets.delete(id.slice(rule.name.length + 1));
        }
      },
    }),
  ];

  private rule(name: string, at: Deployment): Rule {
    const rule = this.rules.in(at.account, at.region).get(name);
    if (rule !== undefined) return rule;
    throw new AwsError(
      "ResourceNotFoundException",
      `Rule ${name} does not exist on EventBus default.`,
    );
  }

  private ruleArn(name: string, at: Deployment): Arn {
    return this.cloud.arn("events", at.region, at.account, `rule/${name}`);
  }

  private configure(rule: Rule, inputs: RuleInputs): void {
    if (inputs.eventPattern === undefined) {
      throw new AwsError(
        "ValidationException",
        "Parameter(s) EventPattern or ScheduleExpression must be specified. (Schedules are not rehearsed.)",
      );
    }
    rule.pattern = parsePattern(inputs.eventPattern);
    rule.enabled = inputs.state !== "DISABLED";
  }

  private target(inputs: TargetInputs): Target {
    // A document's own ARN is taken for Run Command: https://github.com/hashicorp/terraform-provider-aws/issues/17223
    if (/:ssm:[^:]*:\d*:document\//.test(inputs.arn)) {
      throw new AwsError(
        "ValidationException",
        `RunCommandParameters is required for target ${inputs.arn}: an Automation runbook is a target by its automation-definition ARN`,
      );
    }
    if (inputs.arn.includes(":automation-definition/") && inputs.roleArn === undefined) {
      throw new AwsError("ValidationException", `RoleArn is required for target ${inputs.arn}.`);
    }
    if (inputs.inputTransformer !== undefined) checkTransformer(inputs.inputTransformer);
    const { maximumRetryAttempts = 185, maximumEventAgeInSeconds = 86_400 } =
      inputs.retryPolicy ?? {};
    const { roleArn, input, inputTransformer, deadLetterConfig } = inputs;
    return {
      arn: inputs.arn,
      maximumRetryAttempts,
      maximumEventAge: maximumEventAgeInSeconds,
      ...(roleArn !== undefined && { roleArn }),
      ...(input !== undefined && { input }),
      ...(inputTransformer !== undefined && { inputTransformer }),
      ...(deadLetterConfig?.arn !== undefined && { deadLetterArn: deadLetterConfig.arn }),
    };
  }
}

function instanceOf(resources: readonly string[]): string | undefined {
  return resources
    .map((arn) => /:instance\/(i-[0-9a-f]+)$/.exec(arn)?.[1])
    .find((id) => id !== undefined);
}
