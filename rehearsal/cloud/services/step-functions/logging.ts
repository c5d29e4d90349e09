import type { Execution } from "./execution.js";

/** What a state machine's log group gets of an execution's end; the events between are not rehearsed. */
export function logExecution(execution: Execution): void {
  const { machine, arn, status, error, cause } = execution;
  const { cloud, logging } = machine;
  if (logging === undefined || logging.level === "OFF") return;
  if (status === "SUCCEEDED" && logging.level !== "ALL") return;
  const { clock, logs } = cloud;
  const kinds = { FAILED: "ExecutionFailed", TIMED_OUT: "ExecutionTimedOut" } as const;
  const ended = status === "ABORTED" ? "ExecutionAborted" : "ExecutionSucceeded";
  const type = status === "FAILED" || status === "TIMED_OUT" ? kinds[status] : ended;
  const event = { type, execution_arn: arn, event_timestamp: String(clock.now) };
  const details = error === undefined ? {} : { details: { error, cause } };
  const day = clock.iso.slice(0, 10);
  const name = `states/${machine.name}/${day}/${cloud.ids.hex("log stream", 8)}`;
  const stream = logs.createStream(machine, logging.group, name);
  stream.events.push({ timestamp: clock.now, message: JSON.stringify({ ...event, ...details }) });
}
