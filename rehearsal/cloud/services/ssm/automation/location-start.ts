import type { StartRequest } from "./start-request.js";
import type { StartInput } from "../../../../runbook/start-input.js";
import type { Location } from "./locations.js";

/** The document as the account of a location names it: another's by ARN, in the location's own Region. */
export function documentIn(request: StartRequest, { account, region }: Location): string {
  const [arn = "", partition = "", service = "", , owner = "", ...rest] =
    request.documentArn.split(":");
  if (owner === "" || owner === account) return request.documentName;
  return [arn, partition, service, region, owner, ...rest].join(":");
}

/** The start of the automation at a location. There the role to work with is the execution role. */
export function inputAt(request: StartRequest, location: Location, roleArn: string): StartInput {
  const { given, roleParameter, multiTarget = {}, tags, versionGiven } = request;
  const { entry } = location;
  const { Targets = multiTarget.Targets } = entry;
  const maxConcurrency = entry.TargetsMaxConcurrency ?? multiTarget.MaxConcurrency;
  const maxErrors = entry.TargetsMaxErrors ?? multiTarget.MaxErrors;
  const { TargetMaps, TargetParameterName } = multiTarget;
  return {
    DocumentName: documentIn(request, location),
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
