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

/** Token buckets on virtual time, one for each operation, account and Region; a bucket holds one second's calls. */
export class Quotas {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes a call from the quota at the time `now` (milliseconds). False: the caller is throttled. */
  take(account: string, region: string, operation: string, now: number): boolean {
    const rate = CALLS_PER_SECOND[operation];
    if (rate === undefined) return true;
    const key = `${account}/${region}/${operation}`;
    const bucket = this.buckets.get(key) ?? { tokens: rate, at: now };
    const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    const allowed = tokens >= 1;
    this.buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  }
}
