import type { Cloud } from "../cloud/cloud.js";
import { messageOf } from "../kernel/errors.js";
import type { Properties } from "../kernel/resource.js";
import type { Deployed } from "./deployer.js";
import { Deployer, DeploymentError } from "./deployer.js";
import type { ChildMessage, ParentMessage, ResourceRequest } from "./messages.js";
import type { Project, StackFile } from "./stack-files.js";
import { providerSettings } from "./provider-settings.js";
import type { Recording } from "./programs.js";
import type { StartedProgram } from "./started-program.js";
import { UserError } from "../../lib/user-error.js";

/** A stack after its program has run. */
export interface DeployedStack {
  readonly name: string;
  readonly account: string;
  readonly resources: readonly Deployed[];
  readonly outputs: Properties;
}

/** Everything a stack's program needs beside itself. */
export interface ProgramRun {
  readonly cloud: Cloud;
  readonly project: Project;
  readonly stack: StackFile;
  /** The account of the credentials at hand; the stack's own unless a scenario says otherwise. */
  readonly credentials: string;
  /** The stacks that ran before, for references. */
  readonly before: readonly DeployedStack[];
  /** What is in the cloud before all stacks, and makes the same program's questions have other answers. */
  readonly cacheInputs?: unknown;
}

/**
 * Answers a stack's program until it is done; its resources go into the local cloud.
 * @throws UserError for what the program refuses, or AWS would.
 */
export async function runProgram(run: ProgramRun, program: StartedProgram): Promise<Recording> {
  const deployment = new ProgramDeployment(run);
  const exchanges: { request: Request; answer: ParentMessage }[] = [];
  const outputs = await program.converse<Properties>((message, resolve, reject) => {
    if (message.kind === "done") resolve(message.outputs);
    else if (message.kind === "failed") reject(programFailure(run, message, deployment));
    else
      void deployment.answer(message).then((answer) => {
        exchanges.push({ request: message, answer });
        // The program may catch a refused call of a function; nothing that it does undoes a refused resource.
        if (message.kind === "resource" && answer.kind === "refusal") {
          reject(userMistake(run, deployment.refusal));
        } else program.send(answer);
      });
  });
  const { name } = run.stack;
  const stack = { name, account: run.credentials, resources: deployment.resources, outputs };
  return { exchanges, stack };
}

/** The requests of a program to its engine. */
export type Request = Exclude<ChildMessage, { kind: "done" | "failed" }>;

/** A provider of the program: what it deploys through, and its Region. */
interface Provider {
  readonly deployer: Deployer;
  readonly region: string;
}

/** One run's requests, answered one after the other so that every run has the same order. */
export class ProgramDeployment {
  readonly resources: Deployed[] = [];
  /** The last refusal or bug of the local cloud. */
  refusal: unknown;
  private readonly providers = new Map<string, Provider>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly run: ProgramRun) {}

  answer(message: Request): Promise<ParentMessage> {
    const answer = this.turn.then(async (): Promise<ParentMessage> => {
      try {
        return { kind: "answer", id: message.id, ...(await this.perform(message)) };
      } catch (error) {
        this.refusal = error;
        return { kind: "refusal", id: message.id, message: messageOf(error) };
      }
    });
    this.turn = answer;
    return answer;
  }

  private async perform(message: Request) {
    if (message.kind === "invoke") {
      if (message.token === ownOutputs) return beforeFirstDeployment;
      const { deployer, region } = this.place(message.provider, message.token, message.args);
      return { resourceId: "", state: await deployer.invoke(message.token, message.args, region) };
    }
    const { type, name, inputs } = message;
    if (type === "pulumi:pulumi:StackReference") return this.reference(message);
    if (type.startsWith("pulumi:providers:")) return this.provider(message);
    if (!message.custom) return { resourceId: "", state: inputs };
    const { deployer, region } = this.place(message.provider, `${type} "${name}"`, inputs);
    const deployed = await deployer.create({ type, name, region, inputs });
    this.resources.push(deployed);
    return { resourceId: deployed.id, state: deployed.state };
  }

  /** Where a resource or invoke goes. Default providers are off in every stack, so there must be a provider. */
  private place(reference: string, subject: string, inputs: Properties): Provider {
    const provider = this.providers.get(providerKey(reference));
    if (provider === undefined) {
      throw new UserError(
        `${subject}: it has no explicit provider, and default providers are disabled for this stack`,
      );
    }
    const { region } = inputs;
    return typeof region === "string" ? { ...provider, region } : provider;
  }

  private provider({ type, name, inputs }: ResourceRequest) {
    const settings = providerSettings(inputs, this.run.credentials);
    const deployer = new Deployer(
      this.run.cloud,
      settings,
      this.run.project.folder,
      naming(this.run),
    );
    this.providers.set(`${type} ${name}`, { deployer, region: settings.region });
    return { resourceId: `${name}-id`, state: inputs };
  }

  private reference({ inputs, name }: ResourceRequest) {
    const wanted = typeof inputs["name"] === "string" ? inputs["name"] : name;
    const found = this.run.before.find((stack) => stack.name === wanted.split("/").at(-1));
    if (found === undefined)
      throw new UserError(`stack reference "${wanted}": no stack of that name was deployed before`);
    return {
      resourceId: wanted,
      state: { name: wanted, outputs: found.outputs, secretOutputNames: [] },
    };
  }
}

/** What ended a program: its own error for the user, a refused call of a function, or a bug. */
function programFailure(
  run: ProgramRun,
  { message, isMistake }: Extract<ChildMessage, { kind: "failed" }>,
  { refusal }: ProgramDeployment,
): Error {
  if (!isMistake && refusal !== undefined) return userMistake(run, refusal);
  // Pulumi's SDK puts before it which properties of which resources had to wait for what failed.
  const words = message.replace(/^(error serializing property "[^"]*": )+/, "");
  return new UserError(inStack(run.stack, words));
}

/** A program's or AWS's message, with the stack in front. */
export const inStack = ({ name, file }: StackFile, words: string): string =>
  `stack ${name} (${file}): ${words}`;

/** A refusal with the stack in front; a bug of the local cloud's own stays what it is. */
function userMistake({ stack }: ProgramRun, refusal: unknown): Error {
  if (refusal instanceof UserError || refusal instanceof DeploymentError) {
    return new UserError(inStack(stack, refusal.message));
  }
  return refusal instanceof Error ? refusal : new Error(messageOf(refusal));
}

/** The pattern of generated names that the stack's config sets; Pulumi's own where it sets none. */
function naming({ stack, project }: ProgramRun): string | undefined {
  const { pattern } = (stack.config["pulumi:autonaming"] ?? {}) as { pattern?: string };
  return pattern?.replaceAll("${stack}", stack.name).replaceAll("${project}", project.name);
}

/** What the engine answers a stack that asks for its outputs of before; a rehearsal deploys each stack once. */
const ownOutputs = "pulumi:pulumi:readStackOutputs";
const beforeFirstDeployment = { resourceId: "", state: { outputs: {} } };

/** A provider reference is its URN and its id: `urn:pulumi:stack::project::parent$type::name::id`. */
function providerKey(reference: string): string {
  const [, , types = "", name = ""] = reference.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name}`;
}
