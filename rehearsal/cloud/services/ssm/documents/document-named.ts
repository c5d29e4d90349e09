import { NotRehearsed } from "../../../../kernel/errors.js";
import type { Kernel } from "../../../../kernel/kernel.js";
import type { SsmDocument } from "./document.js";

/** The documents of Systems Manager, for its other parts. */
export interface Documents {
  /** A document by its name or ARN. @throws AwsError InvalidDocument; NotRehearsed for AWS's that are not modelled */
  find(account: string, region: string, nameOrArn: string): SsmDocument;
  /** The ARN by which policies name it, whether it is modelled or not. */
  arnOf(account: string, region: string, nameOrArn: string): string;
}

/**
 * The document that a window's task or an association names, which SSM looks for when these are made. One of AWS's own
 * that is not modelled is assumed to exist: only running it cannot be rehearsed. @throws AwsError
 */
export function documentNamed(
  cloud: Kernel & { readonly ssm: { readonly documents: Documents } },
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
