import type { ReportingCloud } from "./reporting-cloud.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { PageInput } from "../../../../kernel/pages.js";
import { pageOf } from "../../../../kernel/pages.js";
import { Regional } from "../../../../kernel/regional.js";
import { own } from "../../../../own.js";

/** One thing that a host complies with or not, as it is put. */
interface Entry {
  readonly Id?: string;
  readonly Title?: string;
  readonly Severity: string;
  readonly Status: string;
  readonly Details?: Readonly<Record<string, string>>;
}

interface PutInput {
  readonly ResourceId: string;
  readonly ResourceType: string;
  readonly ComplianceType: string;
  readonly ExecutionSummary: { readonly ExecutionTime: unknown };
  readonly Items: readonly Entry[];
  readonly UploadType?: string;
}

export interface Kept {
  readonly type: string;
  readonly host: string;
  readonly summary: PutInput["ExecutionSummary"];
  readonly items: readonly Entry[];
}

interface Filter {
  readonly Key: string;
  readonly Values: readonly string[];
  readonly Type?: string;
}

interface ListInput extends PageInput {
  readonly Filters?: readonly Filter[];
  readonly ResourceIds?: readonly string[];
}

/** Source: API reference, ComplianceItemEntry. */
const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNSPECIFIED"];
const STATUSES = ["COMPLIANT", "NON_COMPLIANT"];
const PAGES = { maximum: 50, default: 50 };

const invalid = (text: string) => new AwsError("ValidationException", text);

/** Compliance, as far as it is put by its API. What patching and associations make of it is not modelled. */
export class SsmCompliance {
  /** By host and type. */
  private readonly reports = new Regional<Kept>();

  constructor(private readonly cloud: ReportingCloud) {}

  readonly operations = {
    PutComplianceItems: operation<PutInput, object>({
      access: ({ ResourceId }, { kernel, account, region }) => [
        {
          action: "ssm:PutComplianceItems",
          resource: kernel.arn("ec2", region, account, `instance/${ResourceId}`),
          resourceAccount: account,
        },
      ],
      run: (input, caller) => {
        this.check(input, caller);
        const { ResourceId: host, ComplianceType: type, ExecutionSummary: summary, Items } = input;
        const place = this.reports.in(caller.account, caller.region);
        const key = `${host} ${type}`;
        // COMPLETE, the default, replaces the existing items. Source: API reference, PutComplianceItems.
        const before = input.UploadType === "PARTIAL" ? (place.get(key)?.items ?? []) : [];
        const others = before.filter(({ Id }) => !Items.some((item) => item.Id === Id));
        place.set(key, { type, host, summary, items: [...others, ...Items] });
        return {};
      },
    }),
    ListComplianceItems: operation<ListInput, object>({
      access: (_input, caller) => [everything("ssm:ListComplianceItems", caller)],
      run: (input, { account, region }) => {
        const { ResourceIds = [] } = input;
        const all = [...this.reports.in(account, region).values()]
          .filter(({ host }) => ResourceIds.length === 0 || ResourceIds.includes(host))
          .flatMap(({ type, host, summary, items }) =>
            items.map((item) => ({
              ComplianceType: type,
              ResourceType: "ManagedInstance",
              ResourceId: host,
              ExecutionSummary: summary,
              ...item,
            })),
          )
          .filter((item) => this.fits(input.Filters ?? [], item));
        const { items, rest } = pageOf(all, input, PAGES);
        return { ComplianceItems: items, ...rest };
      },
    }),
    ListComplianceSummaries: operation<ListInput, object>({
      access: (_input, caller) => [everything("ssm:ListComplianceSummaries", caller)],
      run: (input, { account, region }) => {
        const fitting = [...this.reports.in(account, region).values()].filter(({ type }) =>
          this.fits(input.Filters ?? [], { ComplianceType: type }),
        );
        const types = [...new Set(fitting.map(({ type }) => type))].sort();
        const { items, rest } = pageOf(types, input, PAGES);
        const summaries = items.map((type) => {
          const hosts = fitting.filter((report) => report.type === type);
          return { ComplianceType: type, ...summaryOf(hosts) };
        });
        return { ComplianceSummaryItems: summaries, ...rest };
      },
    }),
  };

  /** The compliance items of a host. */
  ofHost(account: string, region: string, id: string): readonly Kept[] {
    return [...this.reports.in(account, region).values()].filter(({ host }) => host === id);
  }

  private fits(filters: readonly Filter[], item: Readonly<Record<string, unknown>>): boolean {
    return filters.every(({ Key, Values, Type = "EQUAL" }) => {
      if (Type !== "EQUAL") this.cloud.reportNotRehearsed(`compliance filters of type ${Type}`);
      return Values.includes(String(own(item, Key)));
    });
  }

  /** @throws AwsError */
  private check(input: PutInput, { account, region }: Caller): void {
    const { ResourceId, ResourceType, ComplianceType, Items, UploadType = "COMPLETE" } = input;
    if (ResourceType !== "ManagedInstance")
      throw new AwsError("InvalidResourceType", `${ResourceType} is not ManagedInstance`);
    const hosts = this.cloud.ssm.agents.registered(account, region);
    if (!hosts.some(({ id }) => id === ResourceId))
      throw new AwsError("InvalidResourceId", `${ResourceId} is not a managed node`);
    if (!/^Custom:[\w-]{2,93}$/.test(ComplianceType))
      throw invalid(`Value '${ComplianceType}' at 'complianceType': Custom: and a name`);
    if (!["COMPLETE", "PARTIAL"].includes(UploadType))
      throw invalid(`Value '${UploadType}' at 'uploadType' is not one of its values`);
    if (Items.length > 10_000)
      throw invalid(`Value at 'items': at most 10000, got ${Items.length}`);
    for (const { Severity, Status, Title = "" } of Items) {
      if (!SEVERITIES.includes(Severity))
        throw invalid(`Value '${Severity}' at 'severity' is not one of its values`);
      if (!STATUSES.includes(Status))
        throw invalid(`Value '${Status}' at 'status' is not one of its values`);
      if (Title.length > 500) throw invalid("Value at 'title': at most 500 characters");
    }
  }
}

/** A host counts once: it complies where all of its items do. */
function summaryOf(hosts: readonly Kept[]) {
  const wrong = hosts.filter(({ items }) => items.some(({ Status }) => Status !== "COMPLIANT"));
  return {
    CompliantSummary: { CompliantCount: hosts.length - wrong.length },
    NonCompliantSummary: { NonCompliantCount: wrong.length },
  };
}

const everything = (action: string, { account }: Caller) => ({
  action,
  resource: "*",
  resourceAccount: account,
});
