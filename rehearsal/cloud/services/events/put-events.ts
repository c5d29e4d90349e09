import type { Kernel } from "../../../kernel/kernel.js";
import type { Emitted } from "../../../kernel/ports.js";
import { AwsError, NotRehearsed } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import { isObject } from "./json.js";

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  /** JSON text. */
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly EventBusName?: string;
}

interface PutEventsInput {
  readonly Entries: readonly Entry[];
}

interface Answer {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** Source: EventBridge API reference, PutEvents; quotas: "PutEvents entry size" and "number of entries". */
const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 256 * 1024;

/**
 * How programs put their events on a bus. Each entry is accepted or refused separately; permission is asked for the
 * bus, with the entry's source and type in the condition keys, and a lack of it refuses the whole request.
 */
export function putEvents(kernel: Kernel, emit: (event: Emitted) => string) {
  return operation<PutEventsInput, object>({
    access: ({ Entries }, { account, region }) =>
      Entries.map(({ Source = "", DetailType = "" }) => ({
        action: "events:PutEvents",
        resource: kernel.arn("events", region, account, "event-bus/default"),
        resourceAccount: account,
        context: { "events:source": Source, "events:detail-type": DetailType },
      })),
    run: ({ Entries }, caller) => {
      checkSize(Entries);
      const answers = Entries.map((entry) => put(kernel, emit, entry, caller));
      return {
        FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
        Entries: answers,
      };
    },
  });
}

function checkSize(entries: readonly Entry[]): void {
  const problem =
    entries.length < 1 || entries.length > MAX_ENTRIES
      ? `1-${MAX_ENTRIES} entries are allowed, there are ${entries.length}`
      : Buffer.byteLength(JSON.stringify(entries)) > MAX_REQUEST_BYTES
        ? "Total size of the entries in the request is over the limit."
        : undefined;
  if (problem !== undefined) throw new AwsError("ValidationException", problem);
}

function put(
  kernel: Kernel,
  emit: (event: Emitted) => string,
  entry: Entry,
  { account, region }: Caller,
): Answer {
  const { Source, DetailType, Detail, Resources = [], EventBusName = "default" } = entry;
  if (
    !["default", kernel.arn("events", region, account, "event-bus/default")].includes(EventBusName)
  )
    throw new NotRehearsed(`event bus ${EventBusName}`, "only the default bus is modelled");
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value === undefined || value === "") {
      return refused(
        "InvalidArgument",
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
    }
  }
  if (/^aws\./i.test(Source ?? ""))
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  const detail = parse(Detail ?? "");
  if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
  const EventId = emit({
    account,
    region,
    source: Source ?? "",
    detailType: DetailType ?? "",
    resources: Resources,
    detail,
  });
  return { EventId };
}

function refused(ErrorCode: string, ErrorMessage: string): Answer {
  return { ErrorCode, ErrorMessage };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
