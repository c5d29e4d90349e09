import type { Denial } from "./access.js";
import type { CallOutcome, CallRecord, CallRequest } from "./call.js";
import { principalName } from "./principal.js";

interface Ending {
  readonly outcome: CallOutcome;
  readonly message: string | undefined;
  readonly denial: Denial | undefined;
}

/** The calls at the door, in their order. */
export class CallLog {
  readonly records: CallRecord[] = [];
  private readonly throttled = new Map<string, CallRecord>();
  private readonly names = new Map<string, string>();

  add(request: CallRequest, time: number, { outcome, message, denial }: Ending): void {
    const { principal, account, region } = request;
    const record: CallRecord = {
      time,
      principal: principalName(principal),
      account,
      region,
      call: this.nameOf(request),
      outcome,
      ...(message !== undefined && { message }),
      ...(denial !== undefined && { denial }),
    };
    if (outcome === "throttled" && this.isRepeated(record)) return;
    this.records.push(record);
  }

  /** In a launch storm the same call is throttled again and again: one record counts them. */
  private isRepeated(record: CallRecord): boolean {
    const key = `${record.principal} ${record.account} ${record.region} ${record.call}`;
    const existing = this.throttled.get(key);
    if (existing === undefined) this.throttled.set(key, record);
    else existing.times = (existing.times ?? 1) + 1;
    return existing !== undefined;
  }

  /** One text for all calls of an operation, of which there are hundreds of thousands. */
  private nameOf({ service, operation }: CallRequest): string {
    const name = `${service}:${operation}`;
    const existing = this.names.get(name);
    if (existing === undefined) this.names.set(name, name);
    return existing ?? name;
  }
}
