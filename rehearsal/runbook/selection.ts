import { JSONPath } from "jsonpath-plus";
import type { Json, JsonObject, StepOutput, ValueType } from "../../runbooks/loader/step.js";
import { shown } from "../../lib/problem.js";
import { NotRehearsed } from "../kernel/errors.js";
import { StepFailure } from "./step-failure.js";

/**
 * What a JSONPath selects. Automation documents children, indexes and deep scans, which always give a list;
 * wildcards work alike. A path to nothing selects undefined.
 * @throws NotRehearsed for filters, of which AWS does not say how it evaluates them.
 */
export function select(path: string, json: Json): Json | undefined {
  if (/\?\(|\(@/.test(path)) {
    throw new NotRehearsed(`JSONPath filter ${path}`, "AWS does not document filters");
  }
  const found = JSONPath<Json[]>({ path, json: json as object, wrap: true, eval: false });
  const gives = /\.\.|\*|\[-?\d*:|,/.test(path) ? found : found[0];
  return gives ?? undefined;
}

const FITS: Readonly<Record<ValueType, (value: Json) => boolean>> = {
  String: (value) => typeof value === "string",
  StringList: (value) => isList(value) && value.every((item) => typeof item === "string"),
  Integer: (value) => Number.isInteger(value),
  Boolean: (value) => typeof value === "boolean",
  MapList: (value) => isList(value) && value.every(isMap),
  StringMap: (value) => isMap(value),
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isMap = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function fits(type: ValueType, value: Json): boolean {
  return FITS[type](value);
}

/**
 * The outputs that a step declares, out of its action's response. One whose path leads nowhere is left out.
 * @throws StepFailure where a value has another type than declared: AWS converts nothing.
 */
export function selectOutputs(declared: readonly StepOutput[], response: JsonObject): JsonObject {
  const outputs: Record<string, Json> = {};
  for (const { Name, Selector, Type } of declared) {
    const value = select(Selector, response);
    if (value === undefined || value === null) continue;
    if (!fits(Type, value)) {
      throw StepFailure.failed(
        `Output ${Name} is declared as ${Type}, but ${Selector} selects ${shown(value)}`,
      );
    }
    outputs[Name] = value;
  }
  return outputs;
}
