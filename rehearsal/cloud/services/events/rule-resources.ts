import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Deployment } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { EventsService } from "./events.js";
import { parsePattern } from "./pattern.js";
import type { Rule, RuleInputs, TargetInputs } from "./rule.js";
import { targetOf } from "./rule.js";
import { parseSchedule } from "./schedule.js";

/** The Pulumi resource types of EventBridge: rules and their targets. */
export function ruleResources(events: EventsService, kernel: Kernel) {
  return [ruleType(events, kernel), targetType(events, kernel)];
}

function ruleType(events: EventsService, kernel: Kernel) {
  return resourceType<RuleInputs>({
    type: "aws:cloudwatch/eventRule:EventRule",
    models: ["name", "description", "eventPattern", "scheduleExpression", "state", "tags"],
    replaceOnChanges: ["name", "eventBusName"],
    autoname: "name",
    create: (inputs, at) => {
      if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(inputs.name)) {
        throw new AwsError(
          "ValidationException",
          `Rule name "${inputs.name}" (${inputs.name.length} characters): 1-64 of letters, digits, . - _`,
        );
      }
      const { account, region } = at;
      const arn = kernel.arn("events", region, account, `rule/${inputs.name}`);
      const rule: Rule = {
        name: inputs.name,
        arn,
        account,
        region,
        pattern: undefined,
        schedule: undefined,
        expression: undefined,
        enabled: true,
        targets: new Map(),
      };
      configure(rule, inputs, events, kernel);
      events.rules.in(account, region).set(inputs.name, rule);
      return { id: inputs.name, outputs: { arn } };
    },
    update: (id, inputs, at) => {
      const rule = ruleNamed(events, id, at);
      configure(rule, inputs, events, kernel);
      return { arn: rule.arn };
    },
    delete: (id, at) => {
      const rule = events.rules.in(at.account, at.region).get(id);
      if (rule !== undefined && rule.targets.size > 0) {
        throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
      }
      events.rules.in(at.account, at.region).delete(id);
    },
  });
}

function targetType(events: EventsService, kernel: Kernel) {
  return resourceType<TargetInputs>({
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
        inputs.targetId ?? `target-${kernel.ids.hex(`target ${at.account} ${at.name}`, 8)}`;
      const rule = ruleNamed(events, inputs.rule, at);
      if (!rule.targets.has(targetId) && rule.targets.size >= 5) {
        throw new AwsError(
          "LimitExceededException",
          "The requested resource exceeds the maximum number allowed: 5 targets per rule.",
        );
      }
      rule.targets.set(targetId, targetOf(inputs));
      return { id: `${inputs.rule}-${targetId}`, outputs: { targetId, eventBusName: "default" } };
    },
    update: (id, inputs, at) => {
      const targetId = id.slice(inputs.rule.length + 1);
      ruleNamed(events, inputs.rule, at).targets.set(targetId, targetOf(inputs));
      return { targetId, eventBusName: "default" };
    },
    delete: (id, at) => {
      for (const rule of events.rules.in(at.account, at.region).values()) {
        if (id.startsWith(`${rule.name}-`)) rule.targets.delete(id.slice(rule.name.length + 1));
      }
    },
  });
}

function ruleNamed(events: EventsService, name: string, at: Deployment): Rule {
  const rule = events.rules.in(at.account, at.region).get(name);
  if (rule !== undefined) return rule;
  throw new AwsError(
    "ResourceNotFoundException",
    `Rule ${name} does not exist on EventBus default.`,
  );
}

function configure(rule: Rule, inputs: RuleInputs, events: EventsService, kernel: Kernel): void {
  const { eventPattern, scheduleExpression, state } = inputs;
  if (eventPattern === undefined && scheduleExpression === undefined) {
    throw new AwsError(
      "ValidationException",
      "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    );
  }
  rule.pattern = eventPattern === undefined ? undefined : parsePattern(eventPattern);
  rule.enabled = state !== "DISABLED";
  if (scheduleExpression === rule.expression) return;
  rule.expression = scheduleExpression;
  rule.schedule =
    scheduleExpression === undefined
      ? undefined
      : parseSchedule(scheduleExpression, kernel.clock.now);
  events.arm(rule);
}
