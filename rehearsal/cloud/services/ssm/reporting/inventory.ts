import type { ReportingCloud } from "./reporting-cloud.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { PageInput } from "../../../../kernel/pages.js";
import { pageOf } from "../../../../kernel/pages.js";
import { Regional } from "../../../../kernel/regional.js";
import { own } from "../../../../own.js";

type Row = Readonly<Record<string, string>>;

/** What one type of inventory has of one host. */
export interface InventoryItem {
  readonly TypeName: string;
  readonly SchemaVersion: string;
  readonly CaptureTime: string;
  readonly ContentHash?: string;
  readonly Content?: readonly Row[];
}

interface PutInput {
  readonly InstanceId: string;
  readonly Items: readonly InventoryItem[];
}

interface EntriesInput extends PageInput {
  readonly InstanceId: string;
  readonly TypeName: string;
}

interface GetInput extends PageInput {
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly Aggregators?: readonly unknown[];
  readonly ResultAttributes?: readonly { readonly TypeName: string }[];
}

/** Source: Systems Manager endpoints and quotas, Inventory. */
const LIMITS = { items: 30, attributes: 50, types: 20, typeBytes: 200_000, callBytes: 1_000_000 };

const invalid = (text: string) => new AwsError("ValidationException", text);

/** Inventory that is written by its API: custom types. What agents gather automatically is not modelled. */
export class SsmInventory {
  /** By host, and below by type. */
  private readonly hosts = new Regional<Map<string, InventoryItem>>();

  constructor(private readonly cloud: ReportingCloud) {}

  readonly operations = {
    PutInventory: operation<PutInput, object>({
      access: (input, caller) =>
        input.Items.map(({ TypeName }) => ({
          ...everything("ssm:PutInventory", caller),
          context: { "ssm:InventoryTypeName": [TypeName] },
        })),
      run: (input, caller) => {
        this.check(input, caller);
        const { account, region } = caller;
        const place = this.hosts.in(account, region);
        const host = place.get(input.InstanceId) ?? new Map<string, InventoryItem>();
        place.set(input.InstanceId, host);
        for (const item of input.Items) {
          // Only the hash came: the stored content stays. Source: API reference, InventoryItem, ContentHash.
          const previous = host.get(item.TypeName);
          const content = item.Content ?? previous?.Content ?? [];
          if (item.Content === undefined && previous?.ContentHash !== item.ContentHash)
            throw new AwsError(
              "ItemContentMismatchException",
              `The content hash of ${item.TypeName} is not that of the last content`,
            );
          host.set(item.TypeName, { ...item, Content: content });
        }
        return { Message: "" };
      },
    }),
    ListInventoryEntries: operation<EntriesInput, object>({
      access: (_input, caller) => [everything("ssm:ListInventoryEntries", caller)],
      run: (input, { account, region }) => {
        const { InstanceId, TypeName } = input;
        const found = this.hosts.in(account, region).get(InstanceId)?.get(TypeName);
        const { SchemaVersion, CaptureTime, Content = [] } = found ?? {};
        const { items, rest } = pageOf(Content, input, { maximum: 50, default: 50 });
        return { TypeName, InstanceId, SchemaVersion, CaptureTime, Entries: items, ...rest };
      },
    }),
    GetInventory: operation<GetInput, object>({
      access: (_input, caller) => [everything("ssm:GetInventory", caller)],
      run: (input, { account, region }) => {
        if (input.Aggregators !== undefined)
          this.cloud.reportNotRehearsed("ssm:GetInventory with Aggregators");
        const wanted = input.ResultAttributes?.map(({ TypeName }) => TypeName);
        const all = [...this.hosts.in(account, region)].filter(([id, types]) =>
          (input.Filters ?? []).every((filter) => this.fits(filter, id, types)),
        );
        const { items, rest } = pageOf(all, input, { maximum: 50, default: 50 });
        const Entities = items.map(([Id, types]) => {
          const shown = [...types].filter(([name]) => wanted?.includes(name) ?? true);
          return { Id, Data: Object.fromEntries(shown) };
        });
        return { Entities, ...rest };
      },
    }),
  };

  /** The inventory of a host, by type. */
  ofHost(account: string, region: string, id: string): ReadonlyMap<string, InventoryItem> {
    return this.hosts.in(account, region).get(id) ?? new Map<string, InventoryItem>();
  }

  /** `AWS:InstanceInformation.InstanceId`, or an attribute of a custom type: `Custom:Disk.Volume`. */
  private fits(
    { Key, Values }: { readonly Key: string; readonly Values: readonly string[] },
    id: string,
    types: ReadonlyMap<string, InventoryItem>,
  ): boolean {
    if (Key === "AWS:InstanceInformation.InstanceId") return Values.includes(id);
    const [, type = "", attribute = ""] = /^(Custom:[^.]+)\.(.+)$/.exec(Key) ?? [];
    if (type === "") this.cloud.reportNotRehearsed(`ssm:GetInventory with the filter ${Key}`);
    const rows = types.get(type)?.Content ?? [];
    return rows.some((row) => Values.includes(own(row, attribute) ?? "\0"));
  }

  /** @throws AwsError */
  private check({ InstanceId, Items }: PutInput, { account, region }: Caller): void {
    const hosts = this.cloud.ssm.agents.registered(account, region);
    if (!hosts.some(({ id }) => id === InstanceId))
      throw new AwsError("InvalidInstanceId", `The instance ID ${InstanceId} is not valid`);
    if (Items.length === 0 || Items.length > LIMITS.items)
      throw invalid(`Value at 'items': 1 to ${LIMITS.items}, got ${Items.length}`);
    for (const item of Items) this.checkItem(item);
    if (sizeOf(Items) > LIMITS.callBytes)
      throw new AwsError("TotalSizeLimitExceededException", "The inventory is larger than 1 MB");
    const known = [...this.hosts.in(account, region).values()].flatMap((types) => [
      ...types.keys(),
    ]);
    const types = new Set([...known, ...Items.map(({ TypeName }) => TypeName)]);
    if (types.size > LIMITS.types)
      throw new AwsError(
        "CustomSchemaCountLimitExceededException",
        `At most ${LIMITS.types} custom types of inventory are allowed`,
      );
  }

  private checkItem({ TypeName, SchemaVersion, CaptureTime, Content, ContentHash }: InventoryItem) {
    // Only agents put AWS's own types.
    if (!/^Custom:[A-Z][\w.-]*$/.test(TypeName) || TypeName.length > 100)
      throw new AwsError(
        "InvalidTypeNameException",
        `${TypeName} is not a custom type: Custom:Name`,
      );
    if (!/^[0-9]{1,6}\.[0-9]{1,6}$/.test(SchemaVersion))
      throw invalid(`Value '${SchemaVersion}' at 'schemaVersion' failed to satisfy constraint`);
    if (!/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(CaptureTime))
      throw invalid(`Value '${CaptureTime}' at 'captureTime' failed to satisfy constraint`);
    if (Content === undefined && ContentHash === undefined)
      throw new AwsError("InvalidItemContentException", `${TypeName} has no content`);
    const rows = Content ?? [];
    const wrong = rows.find(
      (row) =>
        Object.keys(row).length > LIMITS.attributes ||
        Object.values(row).some(
          (value: unknown) => typeof value !== "string" || value.length > 4096,
        ),
    );
    if (wrong !== undefined || rows.length > 10_000)
      throw new AwsError(
        "InvalidItemContentException",
        `${TypeName}: at most 10000 rows of at most ${LIMITS.attributes} texts, each of at most 4096 characters`,
      );
    if (sizeOf(rows) > LIMITS.typeBytes)
      throw new AwsError("ItemSizeLimitExceededException", `${TypeName} is larger than 200 KB`);
  }
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const everything = (action: string, { account }: Caller) => ({
  action,
  resource: "*",
  resourceAccount: account,
});
