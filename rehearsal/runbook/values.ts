import type { Reference } from "../../runbooks/loader/reference.js";
import {
  referenceText,
  replaceReferences,
  wholeReference,
} from "../../runbooks/loader/reference.js";
import type { Json, JsonObject } from "../../runbooks/loader/step.js";
import { asText } from "./execution.js";
import { StepFailure } from "./step-failure.js";
import { own } from "../own.js";

/** What expressions can refer to while a runbook runs. */
export class Values {
  private readonly outputs = new Map<string, JsonObject>();

  constructor(
    private readonly parameters: Readonly<Record<string, Json>>,
    private readonly variables: Map<string, Json>,
    /** `{{ global:… }}` and `{{ automation:… }}`, at the moment of use: `global:DATE` changes. */
    private readonly system: (name: string) => Json | undefined,
    private readonly outer?: Values,
  ) {}

  /** The values inside a loop: its own outputs, and all that is known outside. */
  inside(): Values {
    return new Values(this.parameters, this.variables, this.system, this);
  }

  setOutputs(step: string, outputs: JsonObject): void {
    this.outputs.set(step, outputs);
  }

  setVariable(name: string, value: Json): void {
    this.variables.set(name, value);
  }

  /** The value of one output, where the step has run and has it. */
  output(step: string, name: string): Json | undefined {
    const outputs = this.outputs.get(step);
    return (outputs && own(outputs, name)) ?? this.outer?.output(step, name);
  }

  lookUp(reference: Reference): Json | undefined {
    switch (reference.kind) {
      case "parameter":
        return own(this.parameters, reference.name);
      case "variable":
        return this.variables.get(reference.name);
      case "output":
        return this.output(reference.step, reference.output);
      case "global":
      case "automation":
        return this.system(`${reference.kind}:${reference.name}`);
      case "ssm":
        return undefined;
    }
  }

  /**
   * A value with its expressions filled in. An expression that is the whole text keeps the type of what it
   * refers to; inside a longer text it becomes text.
   * @throws StepFailure for an expression without a value.
   */
  resolve(value: Json): Json {
    if (typeof value === "string") return this.resolveText(value);
    if (Array.isArray(value)) {
      // `["{{ InstanceIds }}"]` with a list in InstanceIds is that list, as in the User Guide's examples.
      return (value as readonly Json[]).flatMap((item): readonly Json[] => {
        const resolved = this.resolve(item);
        return typeof item === "string" && Array.isArray(resolved)
          ? (resolved as readonly Json[])
          : [resolved];
      });
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.resolve(item)]),
    );
  }

  /** Like `resolve`, but a lone expression without a value is undefined: a branch takes that for "no". */
  resolveIfKnown(text: string): Json | undefined {
    const reference = wholeReference(text);
    return reference === undefined ? this.resolveText(text) : this.lookUp(reference);
  }

  private resolveText(text: string): Json {
    const whole = wholeReference(text);
    if (whole !== undefined) return this.mustHave(whole);
    return replaceReferences(text, (reference) => asText(this.mustHave(reference)));
  }

  private mustHave(reference: Reference): Json {
    const value = this.lookUp(reference);
    if (value !== undefined) return value;
    throw StepFailure.failed(`${referenceText(reference)} has no value: ${why(reference)}`);
  }
}

function why(reference: Reference): string {
  if (reference.kind === "output") return "the step has not run, has failed, or has no such output";
  return reference.kind === "parameter"
    ? "it is not given and has no default"
    : "there is none at this point";
}
