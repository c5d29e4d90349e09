import type { Cloud } from "../../../cloud.js";
import { NotRehearsed } from "../../../../kernel/errors.js";
import type { SsmDocument } from "./document.js";

/**
 * The document that a window's task or an association names, which SSM looks for when these are made. One of AWS's own that
 * is not modelled is taken for there: what cannot be rehearsed is running it. @throws AwsError
 */
export function documentNamed(
  cloud: Cloud,
  account: string,
  region: string,
  name: string,
): SsmDocument | undefined {
  try {
    return cloud.ssm.documents.find(account, region, name);
  } catch (error) {
    if (!(error instanceof NotRehearsed)) throw error;
    cloud.reportNotRehearsed(error.subject);
    return undefined;
  }
}
