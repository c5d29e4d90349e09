/**
 * AWS's default quotas per account and Region. Sources: AWS General Reference, "AWS Systems Manager endpoints and
 * quotas" (ssm), and Amazon EC2 Developer Guide, "Request throttling for the Amazon EC2 API" (ec2).
 */

/** Requests to an operation: a bucket of tokens, filled with so many a second. */
interface RequestQuota {
  readonly perSecond: number;
  /** How many requests at once. For Systems Manager AWS publishes the rate only: one second's requests are taken. */
  readonly burst: number;
  /** The operations with the same name here share the bucket. */
  readonly shared?: string;
}

const perSecond = (rate: number, shared?: string): RequestQuota => ({
  perSecond: rate,
  burst: rate,
  ...(shared !== undefined && { shared }),
});
const bucket = (burst: number, rate: number): RequestQuota => ({ perSecond: rate, burst });

/**
 * Operations that are not listed are not throttled here. Of those that bootstraps use these are:
 * - ssm: SendCommand, ListCommandInvocations, DescribeInstanceInformation, GetDocument and the agent's own: throttled
 *   at AWS as well (https://github.com/boto/botocore/issues/993), but it publishes no figures;
 * - sts, kms, sns, sqs, logs: far above what a product that starts one automation a second asks of them;
 * - events: calls of targets have a quota of hundreds a second; what is above it is delayed, not refused;
 * - ec2:RunInstances and the like: scenarios launch what they say. With default quotas an account launches 1,000
 *   instances at once and two a second from then on, so an account that launches 10,000 in a minute has raised them.
 */
const REQUESTS: Readonly<Record<string, RequestQuota>> = {
  "ssm:StartAutomationExecution": perSecond(1),
  "ssm:StopAutomationExecution": perSecond(1),
  "ssm:GetAutomationExecution": perSecond(3),
  "ssm:DescribeAutomationExecutions": perSecond(3),
  "ssm:DescribeAutomationStepExecutions": perSecond(3),
  "ssm:SendAutomationSignal": perSecond(3),
  // The three share 40; there is a higher throughput at a price.
  "ssm:GetParameter": perSecond(40, "Parameter Store"),
  "ssm:GetParameters": perSecond(40, "Parameter Store"),
  "ssm:GetParametersByPath": perSecond(40, "Parameter Store"),
  "ssm:PutParameter": perSecond(3),
  "ssm:StartSession": perSecond(3),
  "ec2:DescribeInstances": bucket(100, 20),
  "ec2:CreateTags": bucket(100, 10),
  "ec2:DeleteTags": bucket(100, 10),
};

/** Without a filter and without pages; whether instance ids are a filter it does not say: here they are none. */
const UNFILTERED: Readonly<Record<string, RequestQuota>> = {
  "ec2:DescribeInstances": bucket(50, 10),
};

/** Automations that run at once; more are queued. 500 with `/ssm/automation/enable-adaptive-concurrency`. */
export const CONCURRENT_AUTOMATIONS = 100;

/** Automations that wait in the queue. The same page has another figure for it, too: 1,000. */
export const QUEUED_AUTOMATIONS = 5000;

/** Automations inside automations, in levels. Source: User Guide, "aws:executeAutomation"; the words of the refusal are ours. */
export const MAX_NESTING = 5;

/** Automations over targets or locations that run at once, and that wait; they count among the others, too. */
export const CONCURRENT_RATE_CONTROLS = 25;
export const QUEUED_RATE_CONTROLS = 1000;

export interface Throttle {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** How many calls are refused, at most. */
  times: number;
}

/** Token buckets on virtual time, one for each operation, account and Region. */
export class Quotas {
  private readonly throttles = new Map<string, Throttle>();
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Refuses an operation in every account, as a scenario says: until a time, or for as many calls. */
  throttle(operation: string, throttle: Throttle): void {
    this.throttles.set(operation, { ...throttle });
  }

  /** Takes a request from its quota at the time `now` (milliseconds). False: the caller is throttled. */
  take(
    account: string,
    region: string,
    operation: string,
    now: number,
    input: object = {},
  ): boolean {
    if (this.throttles.size > 0 && this.isThrottled(operation, now)) return false;
    const unfiltered = isUnfiltered(input) ? UNFILTERED[operation] : undefined;
    const quota = unfiltered ?? REQUESTS[operation];
    if (quota === undefined) return true;
    const { burst, shared = operation } = quota;
    const key = `${account}/${region}/${shared}${unfiltered === undefined ? "" : "/unfiltered"}`;
    let level = this.buckets.get(key);
    if (level === undefined) this.buckets.set(key, (level = { tokens: burst, at: now }));
    level.tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * quota.perSecond);
    level.at = now;
    if (level.tokens < 1) return false;
    level.tokens -= 1;
    return true;
  }

  private isThrottled(operation: string, now: number): boolean {
    const throttle = this.throttles.get(operation);
    if (throttle === undefined || now >= throttle.until || throttle.times < 1) return false;
    throttle.times -= 1;
    return true;
  }
}

function isUnfiltered(input: object): boolean {
  return !["Filters", "MaxResults", "NextToken"].some((key) => key in input);
}
