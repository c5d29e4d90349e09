/**
 * API request quotas in calls per second, account and Region. Operations that are not listed are not
 * throttled here. Source: AWS General Reference, "AWS Systems Manager endpoints and quotas".
 */
const CALLS_PER_SECOND: Readonly<Record<string, number>> = {
  "ssm:StartAutomationExecution": 1,
  "ssm:StopAutomationExecution": 1,
  "ssm:GetAutomationExecution": 3,
  "ssm:DescribeAutomationExecutions": 3,
  "ssm:DescribeAutomationStepExecutions": 3,
  "ssm:SendAutomationSignal": 3,
};

/** Automations that run at once per account and Region; more are queued. Same source. */
export const CONCURRENT_AUTOMATIONS = 100;

/** Automations that wait in the queue per account and Region. Same source. */
export const QUEUED_AUTOMATIONS = 5000;

export interface Throttle {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** How many calls are refused, at most. */
  times: number;
}

/** Token buckets on virtual time, one for each operation, account and Region; a bucket holds one second's calls. */
export class Quotas {
  private readonly throttles = new Map<string, Throttle>();
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Refuses an operation in every account, as a scenario says: until a time, or for as many calls. */
  throttle(operation: string, throttle: Throttle): void {
    this.throttles.set(operation, { ...throttle });
  }

  /** Takes a call from the quota at the time `now` (milliseconds). False: the caller is throttled. */
  take(account: string, region: string, operation: string, now: number): boolean {
    if (this.throttles.size > 0 && this.isThrottled(operation, now)) return false;
    const rate = CALLS_PER_SECOND[operation];
    if (rate === undefined) return true;
    const key = `${account}/${region}/${operation}`;
    const bucket = this.buckets.get(key) ?? { tokens: rate, at: now };
    const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    const allowed = tokens >= 1;
    this.buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  }

  private isThrottled(operation: string, now: number): boolean {
    const throttle = this.throttles.get(operation);
    if (throttle === undefined || now >= throttle.until || throttle.times < 1) return false;
    throttle.times -= 1;
    return true;
  }
}
