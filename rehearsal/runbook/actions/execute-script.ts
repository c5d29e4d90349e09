import type { Inputs, Json } from "../../../runbooks/loader/step.js";
import { NotRehearsed } from "../../kernel/errors.js";
import { LATENCY } from "../../kernel/latency.js";
import type { Port } from "../port.js";
import type { ScriptHost, ScriptResult } from "../python/interpreter.js";
import { StepFailure } from "../step-failure.js";
import type { StepContext, StepRunner } from "../step-runner.js";
import { sleepUnlessStopped } from "./sleep.js";

/** AWS's limit for what goes in and what comes out, in bytes. */
const MAX_PAYLOAD_BYTES = 100 * 1024;

/** What AWS says a step is at while its script runs. */
const POLLING = "Poll action status for completion";

/** Runs a Python script. */
export const executeScript: StepRunner<"aws:executeScript"> = async (inputs, context) => {
  const { port, step } = context;
  const payload = inputs.InputPayload ?? {};
  if (bytes(payload) > MAX_PAYLOAD_BYTES) {
    throw StepFailure.failed(`InputPayload has more than ${MAX_PAYLOAD_BYTES} bytes`);
  }
  const source = scriptOf(inputs);
  const start = port.clock.now;
  await port.clock.sleep(LATENCY.scriptStarts);
  const result = await port.python.run(
    {
      source,
      handler: inputs.Handler ?? "",
      payload,
      region: port.region,
      seed: Number.parseInt(port.ids.hex("script", 8), 16),
    },
    { clock: stoppable(port), deadline: context.deadline, call: (call) => port.call(call) },
  );
  if (port.isStopping()) throw StepFailure.cancelled();
  // After the script instead of within: a script that waits for virtual time keeps its interpreter from others.
  await port.clock.sleep(result.calls * LATENCY.scriptCall);
  port.bill("scriptSecond", Math.ceil((port.clock.now - start) / 1000));
  step.stdout = result.stdout;
  const response = { Payload: payloadOf(result, context) };
  return { response, outputs: response };
};

/** A script that sleeps ends when its run is stopped, as AWS ends it. */
const stoppable = (port: Port): ScriptHost["clock"] => ({
  get now() {
    return port.clock.now;
  },
  sleep: (duration) => sleepUnlessStopped(port, port.clock.now + duration),
});

/** @throws NotRehearsed, StepFailure for what cannot run. */
function scriptOf({ Runtime, Handler, Script, Attachment }: Inputs["aws:executeScript"]): string {
  if (!Runtime.startsWith("python")) {
    throw new NotRehearsed(`aws:executeScript ${Runtime}`, "scripts are rehearsed in Python only");
  }
  if (Attachment !== undefined || Script === undefined) {
    throw new NotRehearsed(
      "aws:executeScript with Attachment",
      "scripts are rehearsed inline only",
    );
  }
  if (Handler === undefined) throw StepFailure.failed(`${Runtime} needs a Handler`);
  return Script;
}

function payloadOf({ ending }: ScriptResult, context: StepContext<"aws:executeScript">): Json {
  switch (ending.kind) {
    case "returned":
      if (Buffer.byteLength(ending.payload) > MAX_PAYLOAD_BYTES) {
        throw StepFailure.failed(`Payload has more than ${MAX_PAYLOAD_BYTES} bytes`, POLLING);
      }
      return JSON.parse(ending.payload) as Json;
    case "raised": {
      const { trace, type, message } = ending;
      const reason = `${type} - ${message}`;
      throw StepFailure.failed(reason, POLLING, `${trace}\n\n${reason}`);
    }
    case "timed out":
      throw StepFailure.timedOut(`Script of ${context.definition.name} timed out`, POLLING);
    case "not rehearsed":
      throw new NotRehearsed(ending.subject, ending.reason);
  }
}

function bytes(value: Json | string): number {
  return Buffer.byteLength(JSON.stringify(value));
}
