import type { Kernel } from "../../../../kernel/kernel.js";
import type { Agent } from "../../../../host/agent.js";
import type { PluginResult } from "../../../../host/plugins/plugin.js";
import type { PluginRun } from "./command.js";
import type { CommandContent, CommandStep } from "./command-content.js";
import type { Given, Resolved } from "./command-parameters.js";
import { resolveInputs } from "./command-parameters.js";
import { decide } from "./command-step.js";

/** A Command document with what its parameters are. */
export interface GivenDocument {
  /** As it was asked for: a name or an ARN. */
  readonly documentName: string;
  readonly content: CommandContent;
  readonly parameters: Given;
}

/** The steps of a document as agents carry them out, for a command or an association. */
export class DocumentSteps {
  private readonly resolved = new Map<CommandStep, Resolved>();

  constructor(
    private readonly kernel: Kernel,
    private readonly document: GivenDocument,
  ) {}

  async run(step: CommandStep, agent: Agent): Promise<PluginRun> {
    const { content } = this.document;
    const { now: started } = this.kernel.clock;
    const { platformType } = agent.host.instance.os;
    const decision = decide(step, content.schemaVersion, platformType);
    const about = { name: step.name, action: step.action, started };
    if (decision.what === "run") {
      const result = await agent.run(step.action, this.inputsOf(step), this.placeOf(step));
      return { ...about, ended: this.kernel.clock.now, result };
    }
    const { what, text } = decision;
    if (what === "skip") return { ...about, ended: started, result: NOTHING, skipped: text };
    const result = { status: "Failed" as const, exitCode: 1, stdout: "", stderr: text };
    return { ...about, ended: started, result };
  }

  private inputsOf(step: CommandStep): Readonly<Record<string, unknown>> {
    let resolved = this.resolved.get(step);
    if (resolved === undefined) {
      const { content, parameters } = this.document;
      resolved = resolveInputs(step, content.parameters, parameters);
      this.resolved.set(step, resolved);
    }
    const { inputs, unresolved } = resolved;
    for (const subject of [...step.notRehearsed, ...unresolved.map((name) => `{{ ${name} }}`)])
      this.kernel.reportNotRehearsed(`Command document: ${subject}`);
    return inputs;
  }

  /** The document and its step, for people; documents of the oldest schema give steps no names of their own. */
  private placeOf({ name, action }: CommandStep): string {
    const document = this.document.documentName.replace(/^.*:document\//, "");
    return name === action ? document : `${document}, step ${name}`;
  }
}

const NOTHING: PluginResult = { status: "Success", exitCode: 0, stdout: "", stderr: "" };
