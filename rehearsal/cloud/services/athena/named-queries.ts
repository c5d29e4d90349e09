import type { Access } from "../../../kernel/access.js";
import { isoTime } from "../../../kernel/clock.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { AthenaService } from "./athena.js";
import type { NamedQuery, Workgroup } from "./workgroup.js";

interface NamedInput {
  readonly NamedQueryId: string;
}

interface ListInput {
  readonly WorkGroup?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** Ids on one page, and in one BatchGetNamedQuery. Source: Athena API reference. */
const PAGE = 50;

/** Athena's operations on named queries and workgroups. */
export function namedQueryOperations(athena: AthenaService) {
  const access = (action: string, caller: Caller, workgroup: string): Access[] => [
    {
      action: `athena:${action}`,
      resource: athena.workgroup(caller, workgroup).arn,
      resourceAccount: caller.account,
    },
  ];
  const named = ({ account, region }: Caller, id: string): NamedQuery => {
    const found = athena.namedQueries.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidRequestException", `NamedQuery ${id} was not found`);
  };

  return {
    ListNamedQueries: operation<ListInput, object>({
      access: ({ WorkGroup = "primary" }, caller) => access("ListNamedQueries", caller, WorkGroup),
      run: ({ WorkGroup = "primary", MaxResults = PAGE, NextToken }, caller) => {
        const ids = [...athena.namedQueries.in(caller.account, caller.region).values()]
          .filter(({ workgroup }) => workgroup === WorkGroup)
          .map(({ id }) => id);
        const from = Number(NextToken ?? 0);
        const next = from + Math.min(MaxResults, PAGE);
        return {
          NamedQueryIds: ids.slice(from, next),
          ...(next < ids.length && { NextToken: String(next) }),
        };
      },
    }),
    GetNamedQuery: operation<NamedInput, object>({
      access: ({ NamedQueryId: id }, caller) =>
        access("GetNamedQuery", caller, named(caller, id).workgroup),
      run: ({ NamedQueryId: id }, caller) => ({ NamedQuery: described(named(caller, id)) }),
    }),
    BatchGetNamedQuery: operation<{ readonly NamedQueryIds: readonly string[] }, object>({
      access: ({ NamedQueryIds: ids }, caller) =>
        [...new Set(ids.map((id) => named(caller, id).workgroup))].flatMap((workgroup) =>
          access("BatchGetNamedQuery", caller, workgroup),
        ),
      run: ({ NamedQueryIds: ids }, caller) => {
        if (ids.length < 1 || ids.length > PAGE)
          throw new AwsError("InvalidRequestException", `1 to ${PAGE} ids, got ${ids.length}`);
        return { NamedQueries: ids.map((id) => described(named(caller, id))) };
      },
    }),
    ListWorkGroups: operation<object, object>({
      access: (_input, { account }) => [
        { action: "athena:ListWorkGroups", resource: "*", resourceAccount: account },
      ],
      run: (_input, caller) => ({
        WorkGroups: [...athena.workgroupsIn(caller).values()].map(summary),
      }),
    }),
    GetWorkGroup: operation<{ readonly WorkGroup: string }, object>({
      access: ({ WorkGroup }, caller) => access("GetWorkGroup", caller, WorkGroup),
      run: ({ WorkGroup }, caller) => {
        const found = athena.workgroup(caller, WorkGroup);
        return { WorkGroup: { ...summary(found), Configuration: configured(found) } };
      },
    }),
  };
}

const described = ({ id, name, description, database, sql, workgroup }: NamedQuery) => ({
  NamedQueryId: id,
  Name: name,
  ...(description !== undefined && { Description: description }),
  Database: database,
  QueryString: sql,
  WorkGroup: workgroup,
});

const summary = ({ name, description, enabled, created, configuration }: Workgroup) => ({
  Name: name,
  State: enabled ? "ENABLED" : "DISABLED",
  ...(description !== undefined && { Description: description }),
  CreationTime: isoTime(created),
  EngineVersion: engineVersion(configuration.engine),
});

const engineVersion = (engine: string) => ({
  SelectedEngineVersion: engine,
  EffectiveEngineVersion: "Athena engine version 3",
});

function configured({ configuration }: Workgroup): object {
  const { outputLocation, encryption, cutoff, enforced, publishesMetrics } = configuration;
  return {
    ResultConfiguration: {
      ...(outputLocation !== undefined && { OutputLocation: outputLocation }),
      ...(encryption !== undefined && {
        EncryptionConfiguration: {
          EncryptionOption: encryption.option,
          ...(encryption.kmsKey !== undefined && { KmsKey: encryption.kmsKey }),
        },
      }),
    },
    EnforceWorkGroupConfiguration: enforced,
    PublishCloudWatchMetricsEnabled: publishesMetrics,
    RequesterPaysEnabled: configuration.requesterPays,
    ...(cutoff !== undefined && { BytesScannedCutoffPerQuery: cutoff }),
    EngineVersion: engineVersion(configuration.engine),
  };
}
