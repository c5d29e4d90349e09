import type { Arn } from "../../../kernel/arn.js";
import { AwsError } from "../../../kernel/errors.js";

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly arn: Arn;
  readonly created: number;
  /** In the order of their arrival. */
  readonly events: LogEvent[];
}

export interface LogGroup {
  readonly name: string;
  /** Without `:*` at the end. */
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  readonly created: number;
  /** Absent: for ever. */
  retentionInDays?: number;
  kmsKey?: Arn;
  readonly streams: Map<string, LogStream>;
}

/** Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** @throws AwsError InvalidParameterException */
export function checkGroupName(name: string): void {
  if (/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name) && !/^aws\//.test(name)) return;
  throw new AwsError(
    "InvalidParameterException",
    `Log group name "${name}": 1-512 of letters, digits, _ - / . #, not beginning with aws/`,
  );
}

/** @throws AwsError InvalidParameterException */
export function checkStreamName(name: string): void {
  if (/^[^:*]{1,512}$/.test(name)) return;
  throw new AwsError(
    "InvalidParameterException",
    `Log stream name "${name}": 1-512 characters without : and *`,
  );
}

/** @throws AwsError InvalidParameterException */
export function checkRetention(days: number): void {
  if (RETENTIONS.includes(days)) return;
  throw new AwsError(
    "InvalidParameterException",
    `Retention of ${days} days: allowed are ${RETENTIONS.join(", ")}`,
  );
}

/** Source: CloudWatch Logs API reference, PutLogEvents. @throws AwsError InvalidParameterException */
export function checkBatch(events: readonly LogEvent[]): void {
  const size = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
  const inOrder = events.every(
    ({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? 0),
  );
  const problem =
    events.length < 1 || events.length > 10_000
      ? `1-10,000 log events are allowed in a batch, there are ${events.length}`
      : size > 1_048_576
        ? `Upload too large: ${size} bytes exceeds limit of 1048576`
        : inOrder
          ? undefined
          : "Log events in a single PutLogEvents request must be in chronological order.";
  if (problem !== undefined) throw new AwsError("InvalidParameterException", problem);
}
