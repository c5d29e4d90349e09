// Scripts whose answers become custom inventory and compliance.
import * as z from "zod";
import type { Collection, ComplianceRule } from "../../components/schedules/collections.js";
import { stringMap } from "../../components/schedules/run-schedule.js";
import type { ConfigProblem } from "./error.js";
import { scheduleFields, targetOf } from "./schedules.js";
import type { Reader } from "./fields.js";
import { asText, expected, keyOf, oneOf, take, text } from "./fields.js";
import { fieldProblems, scriptUseProblems } from "./script-use.js";
import { unknownFields } from "./unknown-fields.js";

export function takeCollect(read: Reader, problems: ConfigProblem[]): Record<string, Collection> {
  const entries = read("collect", z.record(z.string(), z.unknown(), expected("an object"))) ?? {};
  const taken = Object.entries(entries).flatMap(([name, entry]) => {
    const key = keyOf("fleet:collect", [name]);
    if (!/^[a-z][a-z0-9-]{1,29}$/.test(name)) {
      const reason = `expected a name of 2-30 letters a-z, digits or -, beginning with a letter, got "${name}"`;
      problems.push({ key, reason });
    }
    problems.push(...unknownFields(key, entry, Object.keys(fields.shape)));
    const raw = take(key, entry, fields, problems);
    const collection = raw && collectionOf(raw, key, problems);
    return collection ? [[name, collection] as const] : [];
  });
  return Object.fromEntries(taken);
}

/** Sources: API reference, InventoryItem, TypeName; PutComplianceItems, ComplianceType. */
const inventoryType = text(
  /^Custom:[A-Z][\w.-]{0,92}$/,
  "Custom: and a name of 1-93 letters, digits, _, . or -, beginning with a capital",
);
const complianceType = text(
  /^Custom:[\w-]{2,93}$/,
  "Custom: and a name of 2-93 letters, digits, _ or -",
);

const severities = [
  "CRITICAL",
  "HIGH",
  "MEDIUM",
  "LOW",
  "INFORMATIONAL",
  "UNSPECIFIED",
] as const satisfies readonly ComplianceRule["severity"][];

const rule = z.strictObject(
  {
    field: text(/^[\w.-]{1,64}$/, "the name of a field of the script's answer"),
    operator: oneOf(["equals", "notEquals", "atMost", "atLeast"]),
    // YAML has numbers and truths; the answer is compared as text.
    value: asText(text(/^[^\r\n]*\S$/, "a text in one line, a number, true or false")),
    severity: oneOf(severities).default("UNSPECIFIED"),
  },
  expected("a rule with field, operator, value and severity only"),
);

const fields = z.object(
  {
    script: text(/^[a-z][a-z0-9-]*$/, "the name of a script of the library"),
    parameters: scheduleFields.shape.parameters,
    target: scheduleFields.shape.target,
    schedule: scheduleFields.shape.schedule,
    timeZone: scheduleFields.shape.timeZone,
    maxConcurrency: scheduleFields.shape.maxConcurrency,
    maxErrors: scheduleFields.shape.maxErrors,
    inventory: inventoryType.optional(),
    compliance: z
      .strictObject(
        {
          type: complianceType,
          rules: z
            .array(rule, expected("a list of rules"))
            .min(1, expected("1-20 rules"))
            .max(20, expected("1-20 rules", "make two entries of them")),
        },
        expected("an object with type and rules only"),
      )
      .optional(),
  },
  expected("a collection"),
);

/** What the fields are together. */
function collectionOf(
  raw: z.output<typeof fields>,
  key: string,
  problems: ConfigProblem[],
): Collection | undefined {
  const before = problems.length;
  const { script, parameters, target, schedule, timeZone, inventory, compliance } = raw;
  if (!inventory && !compliance) {
    const reason = "expected inventory, compliance or both, got none; say what the answers become";
    problems.push({ key, reason });
  }
  // What a window hands to an automation. Source: API reference, MaintenanceWindowAutomationParameters.
  const { length } = stringMap(parameters);
  if (length > 512) {
    const reason = `expected at most 512 characters as JSON, got ${length}; make them shorter`;
    problems.push({ key: `${key}.parameters`, reason });
  }
  const rules = compliance?.rules ?? [];
  problems.push(...ruleProblems(rules, `${key}.compliance.rules`));
  problems.push(...fieldProblems(`${key}.compliance.rules`, script, rules));
  problems.push(...scriptUseProblems(key, script, parameters));
  if (problems.length > before) return undefined;
  const { maxConcurrency, maxErrors } = raw;
  return {
    script,
    parameters,
    target: targetOf(target),
    expression: schedule,
    ...(timeZone !== undefined && { timeZone }),
    maxConcurrency,
    maxErrors,
    ...(inventory !== undefined && { inventory }),
    ...(compliance && { compliance }),
  };
}

/** A rule without its severity is the id of what comes of it. Source: API reference, ComplianceItemEntry, Id. */
function ruleProblems(rules: readonly ComplianceRule[], key: string): ConfigProblem[] {
  const ids = rules.map(({ field, operator, value }) => `${field} ${operator} ${value}`);
  return rules.flatMap(({ operator, value }, index) => {
    const id = ids[index] ?? "";
    const at = `${key}[${index}]`;
    const problems: ConfigProblem[] = [];
    if (operator.startsWith("at") && !/^-?\d+(\.\d+)?$/.test(value)) {
      const reason = `expected a number for the operator ${operator}, got "${value}"`;
      problems.push({ key: `${at}.value`, reason });
    }
    if (id.length > 100) {
      const reason = `expected field, operator and value of at most 100 characters together, got ${id.length}`;
      problems.push({ key: at, reason });
    }
    if (ids.indexOf(id) < index) {
      const reason = `expected each rule once, got "${id}" again; remove one of them`;
      problems.push({ key: at, reason });
    }
    return problems;
  });
}
