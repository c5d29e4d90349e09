import { milliseconds } from "../duration.js";
import type { Port } from "../port.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

/** AWS's limit, in seconds: a second less than a week. */
const MAX_SLEEP_SECONDS = 604_799;

/** How often a sleeping run looks whether it was stopped, in milliseconds. */
const LOOK = 60_000;

/** Waits for a time or until one. */
export const sleep: StepRunner<"aws:sleep"> = async (inputs, { port }) => {
  const end = endOf(inputs, port.clock.now);
  if (end - port.clock.now > MAX_SLEEP_SECONDS * 1000) {
    throw StepFailure.failed(`aws:sleep waits at most ${MAX_SLEEP_SECONDS} seconds`);
  }
  await sleepUnlessStopped(port, end);
  return {};
};

/** @throws StepFailure soon after the run was stopped */
export async function sleepUnlessStopped(
  port: Pick<Port, "clock" | "isStopping">,
  end: number,
): Promise<void> {
  while (port.clock.now < end) {
    await port.clock.sleep(Math.min(LOOK, end - port.clock.now));
    if (port.isStopping()) throw StepFailure.cancelled();
  }
}

function endOf(inputs: { Duration?: string; Timestamp?: string }, now: number): number {
  if (inputs.Duration !== undefined) {
    const duration = milliseconds(inputs.Duration);
    if (duration !== undefined) return now + duration;
    throw StepFailure.failed(`Duration ${inputs.Duration} is no ISO 8601 duration such as PT10M`);
  }
  const end = Date.parse(inputs.Timestamp ?? "");
  if (!Number.isNaN(end)) return end;
  throw StepFailure.failed("aws:sleep needs a Duration such as PT10M or a Timestamp");
}
