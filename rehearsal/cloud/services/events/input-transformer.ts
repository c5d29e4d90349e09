import { JSONPath } from "jsonpath-plus";
import { AwsError } from "../../../kernel/errors.js";
import type { CloudEvent } from "./event.js";
import { own } from "../../../own.js";

export interface InputTransformer {
  /** Name to JSONPath, e.g. `instance` to `$.detail.instance-id`. */
  readonly inputPaths?: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/**
 * What PutTargets refuses in a transformer. Source: EventBridge API reference, InputTransformer; user guide,
 * "Input transformation".
 */
export function checkTransformer({ inputPaths = {}, inputTemplate }: InputTransformer): void {
  const problems: string[] = [];
  if (Object.keys(inputPaths).length > 100)
    problems.push("InputPathsMap has more than 100 entries");
  if (inputTemplate.length > 8192) problems.push("InputTemplate has more than 8192 characters");
  for (const [name, path] of Object.entries(inputPaths)) {
    if (!/^\$(\.[A-Za-z0-9_-]+|\[\d+\])+$|^\$$/.test(path)) {
      problems.push(`the path of ${name}, "${path}", is not in dot notation from "$"`);
    }
    if (name.startsWith("AWS"))
      problems.push(`the name ${name} begins with AWS, which is reserved`);
  }
  for (const [, name = ""] of inputTemplate.matchAll(PLACEHOLDER)) {
    if (!(name in inputPaths) && !name.startsWith("aws.events.")) {
      problems.push(`the template uses <${name}>, which InputPathsMap does not define`);
    }
  }
  if (problems.length > 0) {
    throw new AwsError(
      "ValidationException",
      `InputTransformer is not valid: ${problems.join("; ")}`,
    );
  }
}

/**
 * The text that a target gets. A placeholder inside a JSON string is replaced by the text of its value, one
 * outside by the value as JSON; a path that finds nothing gives an empty text or no value.
 */
export function transform(
  transformer: InputTransformer,
  event: CloudEvent,
  ruleArn: string,
): string {
  const { inputPaths = {}, inputTemplate } = transformer;
  const reserved: Readonly<Record<string, unknown>> = {
    "aws.events.rule-arn": ruleArn,
    "aws.events.event": event,
    "aws.events.event.json": event,
    "aws.events.event.ingestion-time": event.time,
  };
  return inputTemplate.replaceAll(PLACEHOLDER, (_match, name: string, offset: number) => {
    const path = own(inputPaths, name);
    const value = path === undefined ? own(reserved, name) : find(event, path);
    if (isInString(inputTemplate, offset)) {
      const text =
        typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
      return JSON.stringify(text).slice(1, -1);
    }
    return value === undefined ? "" : JSON.stringify(value);
  });
}

function find(event: CloudEvent, path: string): unknown {
  return JSONPath<unknown>({ path, json: event, wrap: false, eval: false });
}

/** Whether a place in a JSON template lies between the quotes of a string. */
function isInString(template: string, offset: number): boolean {
  const before = template.slice(0, offset).replaceAll(/\\./g, "");
  return (before.split('"').length - 1) % 2 === 1;
}
