import type { Order, StartInput } from "./start-request.js";
import type { Location } from "./locations.js";

/** The document as the account of a location names it: another's by ARN, in the location's own Region. */
export function documentIn(order: Order, { account, region }: Location): string {
  const [arn = "", partition = "", service = "", , owner = "", ...rest] =
    order.documentArn.split(":");
  if (owner === "" || owner === account) return order.documentName;
  return [arn, partition, service, region, owner, ...rest].join(":");
}

/** The start of the automation at a location. There the role to work with is the execution role. */
export function inputAt(order: Order, location: Location, roleArn: string): StartInput {
  const { given, roleParameter, spread = {}, tags, versionGiven } = order;
  const { entry } = location;
  const { Targets = spread.Targets } = entry;
  const maxConcurrency = entry.TargetsMaxConcurrency ?? spread.MaxConcurrency;
  const maxErrors = entry.TargetsMaxErrors ?? spread.MaxErrors;
  const { TargetMaps, TargetParameterName } = spread;
  return {
    DocumentName: documentIn(order, location),
    ...(versionGiven !== undefined && { DocumentVersion: versionGiven }),
    Parameters: { ...given, ...(roleParameter !== undefined && { [roleParameter]: [roleArn] }) },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...(TargetParameterName !== undefined && { TargetParameterName }),
    ...(Targets !== undefined && { Targets }),
    ...(TargetMaps !== undefined && { TargetMaps }),
    ...(maxConcurrency !== undefined && { MaxConcurrency: maxConcurrency }),
    ...(maxErrors !== undefined && { MaxErrors: maxErrors }),
  };
}
