import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * What is chosen when the host is launched and then kept, because a change would replace a running
 * host unasked: AWS publishes a new image every other week, and a VPC may get subnets that sort
 * before the present one. To renew a host: `pulumi up --target-replace <urn>`.
 */
export const pinned = ["ami", "subnetId"];

/** Where a host is, or is to be. */
export interface Placement {
  /** Public parameter that names the image. */
  readonly image: string;
  readonly subnetId: string;
}

/** What of a running host differs from what is wanted, and what applies it; undefined where nothing does. */
export function ignoredEdits(
  name: string,
  urn: string,
  is: Placement,
  wanted: Placement,
): string | undefined {
  const edits = [
    ...(is.image === wanted.image
      ? []
      : [`image ${wanted.image} (it was launched from ${is.image})`]),
    ...(is.subnetId === wanted.subnetId
      ? []
      : [`subnet ${wanted.subnetId} (it is in ${is.subnetId})`]),
  ];
  if (edits.length === 0) return undefined;
  const remedy = `pulumi up --target-replace '${urn}' launches it anew and terminates the present one with its root volume`;
  return `the running host ${name} does not get its ${edits.join(" and ")}; ${remedy}`;
}

/** Warns of edits that a running host does not get. Of an instance that is made now, the values are not known yet. */
export function warnOfPinned(
  name: string,
  instance: aws.ec2.Instance,
  is: { readonly [K in keyof Placement]: pulumi.Input<string> },
  wanted: { readonly [K in keyof Placement]: pulumi.Input<string> },
): void {
  void pulumi
    .all([instance.urn, pulumi.output(is), pulumi.output(wanted)])
    .apply(async ([urn, now, then]) => {
      const words = ignoredEdits(name, urn, now, then);
      if (words !== undefined) await pulumi.log.warn(words, instance);
    });
}
