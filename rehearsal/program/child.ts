// The process that runs stacks' programs under Pulumi's mocks, one after the other. It knows nothing of the local cloud:
// every resource and function call goes to the parent, which answers with what a provider would.
// Before all else: the rest takes seconds to load.
import "./ends-with-parent.js";
// Loaded now, although only the program uses it: the process is started before its program is known.
import "@pulumi/aws";
import { sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../kernel/resource.js";
import type { ChildMessage, ParentMessage } from "./messages.js";

interface Answer {
  readonly id: string;
  readonly state: Properties;
}

const waiting = new Map<
  number,
  { resolve: (answer: Answer) => void; reject: (error: Error) => void }
>();

function send(message: ChildMessage): void {
  process.send?.(message);
}

type Question =
  | {
      kind: "resource";
      type: string;
      name: string;
      custom: boolean;
      provider: string;
      inputs: Properties;
    }
  | { kind: "invoke"; token: string; provider: string; args: Properties };

async function ask(question: Question): Promise<Answer> {
  const id = waiting.size;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    send({ ...question, id });
  });
}

/** Values as they can travel: assets as plain objects with their path or text. */
async function plain(value: unknown): Promise<unknown> {
  if (value instanceof pulumi.asset.FileAsset) return { path: await value.path };
  if (value instanceof pulumi.asset.StringAsset) return { text: await value.text };
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await plain(item)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

const mocks: pulumi.runtime.Mocks = {
  newResource: async ({ type, name, inputs, provider, custom }) => {
    const properties = (await plain(inputs)) as Properties;
    return ask({
      kind: "resource",
      type,
      name,
      custom: custom ?? false,
      provider: provider ?? "",
      inputs: properties,
    });
  },
  call: async ({ token, inputs, provider }) => {
    const args = (await plain(inputs)) as Properties;
    const { state } = await ask({ kind: "invoke", token, provider: provider ?? "", args });
    return state;
  },
};

/**
 * Lets the program's own modules be loaded anew, so that nothing of the stack before is left in them; Pulumi's SDK,
 * which takes longest to load, starts over with new mocks.
 */
function forget(folder: string): void {
  for (const file of Object.keys(require.cache)) {
    if (!file.startsWith(`${folder}${sep}`) || file.includes("/node_modules/")) continue;
    delete require.cache[file];
  }
}

async function run(message: Extract<ParentMessage, { kind: "run" }>): Promise<void> {
  const { folder, main, project, stack, config } = message;
  waiting.clear();
  process.chdir(folder);
  forget(folder);
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks(mocks, project, stack, false, "organization");
  process.setSourceMapsEnabled(true);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program is a module whose path comes from Pulumi.yaml
  const program = require(main) as unknown;
  // Pulumi's SDK writes down the stack of every promise that it makes: with source maps that is half of a program's time.
  process.setSourceMapsEnabled(false);
  const exported: unknown =
    typeof program === "function" ? await (program as () => unknown)() : program;
  const outputs = await new Promise<unknown>((resolve) => {
    (pulumi.output(exported) as pulumi.Output<unknown>).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  send({ kind: "done", outputs: (await plain(outputs)) as Properties });
}

/** What Pulumi would print: the bare message of a user's mistake, the stack of everything else. */
function fail(error: unknown): void {
  process.setSourceMapsEnabled(true);
  if (!(error instanceof Error)) {
    send({ kind: "failed", message: String(error), isMistake: false });
    return;
  }
  // Typed, as the guards would leave `never` of everything that they do not know.
  const isRunError: boolean = pulumi.RunError.isInstance(error);
  const isMistake =
    isRunError || (error instanceof pulumi.ResourceError && error.hideStack === true);
  send({
    kind: "failed",
    message: isMistake ? error.message : (error.stack ?? error.message),
    isMistake,
  });
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.on("message", (message: ParentMessage) => {
  if (message.kind === "run") {
    run(message).catch(fail);
  } else if (message.kind === "answer") {
    waiting.get(message.id)?.resolve({ id: message.resourceId, state: message.state });
  } else {
    // Pulumi's SDK reads an engine's words where gRPC has them.
    const refused = Object.assign(new Error(message.message), { details: message.message });
    waiting.get(message.id)?.reject(refused);
  }
});
