// The program without AWS: Pulumi's mock monitor, wrapped once, because its shape
// is not a stable API. It proves what the program declares, not what AWS makes of it.
import * as pulumi from "@pulumi/pulumi";
import { ownOutputs } from "../../stacks/deployed.js";

/** A resource as the program declared it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent; empty at the stack's root. */
  readonly parent: string;
  /** URN and id of the provider, `urn::id`; empty when the engine would choose one. */
  readonly provider: string;
  readonly custom: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs of what it explicitly or by its inputs depends on. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Whether AWS keeps it when it is no longer declared. */
  readonly retainOnDelete: boolean;
  /** What a component registered at its end; undefined when it never did. */
  outputs?: Readonly<Record<string, unknown>>;
}

/** A call of a provider's function. */
export interface Invoked {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
}

type Values = Record<string, unknown>;

export interface MockedProgramOptions {
  readonly stack?: string;
  readonly config?: Readonly<Record<string, string>>;
  /** Answers to the functions that may be called, by token; every other call is a surprise. */
  readonly invokes?: Readonly<Record<string, (inputs: Values) => Values>>;
  /** Outputs of other stacks, by the name that a StackReference has for them. */
  readonly stacks?: Readonly<Record<string, Values>>;
}

export class MockedProgram {
  readonly resources: Declared[] = [];
  readonly invokes: Invoked[] = [];
  private readonly surprises = new Set<Error>();
  private readonly surprise: Promise<void>;
  private collect: (reason: unknown) => void = () => undefined;

  constructor(private readonly options: MockedProgramOptions) {
    this.surprise = new Promise((resolve) => {
      this.collect = (reason) => {
        this.surprises.add(reason instanceof Error ? reason : new Error(String(reason)));
        resolve();
      };
    });
    process.on("unhandledRejection", this.collect);
  }

  /** Waits until everything is declared, then throws what went wrong on the way, if anything did. */
  async settled(): Promise<void> {
    await this.quiet();
    const [first] = this.surprises;
    if (first) throw first;
  }

  /** Waits as `settled` does, for a program that must fail, and returns its only error. */
  async failure(): Promise<Error> {
    await this.quiet();
    // A new engine forgets the promises of the dead program, which would count as leaked ones.
    await pulumi.runtime.setMocks(this.mocks);
    const [first, ...more] = this.surprises;
    if (!first || more.length > 0) {
      throw new Error(
        `expected one error, got ${this.surprises.size}: ${[...this.surprises].join("; ")}`,
      );
    }
    return first;
  }

  /** The value of an output, once everything is declared. */
  async valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    const value = new Promise<T>(
      (resolve) => void output.apply(resolve as (value: unknown) => void),
    );
    await this.settled();
    return value;
  }

  /** All resources of a type, in the order of their URNs. */
  all(type: string): Declared[] {
    const found = this.resources.filter((resource) => resource.type === type);
    return found.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }

  /** The one resource of a type, or the one whose name ends like that. */
  only(type: string, nameEnd = ""): Declared {
    const found = this.all(type).filter(({ name }) => name.endsWith(nameEnd));
    const [resource] = found;
    if (!resource || found.length > 1) {
      const names = this.resources.map(({ type: other, name }) => `${other} ${name}`);
      throw new Error(
        `expected one ${type} …${nameEnd}, got ${found.length} in\n${names.join("\n")}`,
      );
    }
    return resource;
  }

  /** The functions that were called, with their inputs. */
  called(token: string): Values[] {
    return this.invokes.filter((invoked) => invoked.token === token).map(({ inputs }) => inputs);
  }

  readonly mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs, id }) => {
      if (type !== "pulumi:pulumi:StackReference") {
        return { id: `${name}-id`, state: { ...(inputs as Values), ...computed(type, name) } };
      }
      const outputs = this.options.stacks?.[id ?? ""];
      if (!outputs) this.collect(new Error(`this test lists no outputs of stack ${id ?? name}`));
      return { id, state: { ...(inputs as Values), outputs, secretOutputNames: [] } };
    },
    call: ({ token, inputs, provider }) => {
      this.invokes.push({ token, inputs: inputs as Values, provider: provider ?? "" });
      const answer = this.options.invokes?.[token] ?? standing[token];
      if (answer) return answer(inputs as Values);
      const surprise = new Error(`the program called ${token}, which this test does not list`);
      this.collect(surprise);
      throw surprise;
    },
  };

  private async quiet(): Promise<void> {
    // What depends on a failed value never comes, so the end cannot be waited for.
    await Promise.race([pulumi.runtime.disconnect(), this.surprise]);
    // Rejections that nobody handles are reported a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", this.collect);
  }
}

/** What every program asks its engine: here it was never deployed. */
const standing: MockedProgramOptions["invokes"] & object = {
  [ownOutputs]: () => ({ outputs: {} }),
};

/** What a provider adds to a resource's inputs, as far as the program looks at it. */
function computed(type: string, name: string): Values {
  const arn = `arn:of:${name}`;
  if (type === "aws:s3/bucket:Bucket") return { arn, bucket: `${name}-physical` };
  if (type === "aws:sqs/queue:Queue")
    return { arn, name: `${name}-physical`, url: `https://${name}` };
  if (type === "aws:kms/key:Key") return { arn, keyId: `${name}-key-id` };
  if (type === "aws:identitystore/group:Group") return { groupId: `${name}-group-id` };
  if (/^aws:iam[/]/.test(type)) return { arn, name: `${name}-physical` };
  return { arn };
}

/** Replaces the engine by mocks; the next call replaces the mocks. */
export async function mockProgram(options: MockedProgramOptions = {}): Promise<MockedProgram> {
  const program = new MockedProgram(options);
  pulumi.runtime.setAllConfig({ ...options.config });
  await pulumi.runtime.setMocks(
    program.mocks,
    "fleet",
    options.stack ?? "test",
    false,
    "organization",
  );
  record(program, pulumi.runtime.getMonitor() as unknown as Monitor);
  return program;
}

/** The parts of the monitor's requests that show how a resource was declared. */
interface Registration {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProvidersMap(): Map<string, string>;
  getCustom(): boolean;
  getObject(): Struct;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getRetainondelete(): boolean;
}
interface Struct {
  toJavaScript(): Values;
}
type Callback = (error: unknown, response?: { getUrn(): string }) => void;
interface Monitor {
  registerResource(request: Registration, callback: Callback): Promise<void>;
  registerResourceOutputs(
    request: { getUrn(): string; getOutputs(): Struct },
    callback: Callback,
  ): void;
}

/** Notes what passes the monitor, which itself remembers less. */
function record(program: MockedProgram, monitor: Monitor): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response) program.resources.push(declared(request, response.getUrn()));
      callback(error, response);
    });
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const resource = program.resources.find(({ urn }) => urn === request.getUrn());
    if (resource) resource.outputs = request.getOutputs().toJavaScript();
    registerOutputs(request, callback);
  };
}

const declared = (request: Registration, urn: string): Declared => ({
  type: request.getType(),
  name: request.getName(),
  urn,
  parent: request.getParent(),
  provider: request.getProvider() || [...request.getProvidersMap().values()].join(),
  custom: request.getCustom(),
  inputs: request.getObject().toJavaScript(),
  dependsOn: request.getDependenciesList(),
  ignoreChanges: request.getIgnorechangesList(),
  deleteBeforeReplace: request.getDeletebeforereplace(),
  retainOnDelete: request.getRetainondelete(),
});
