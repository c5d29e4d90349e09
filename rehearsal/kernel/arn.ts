/** `arn:partition:service:region:account:resource` */
export type Arn = string;

export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows the fifth colon, e.g. `document/cf-ec2-bootstrap`. */
  readonly resource: string;
}

/** The parts of an ARN, or undefined where the text is none. */
export function parseArn(arn: string): ArnParts | undefined {
  const [scheme, partition, service, region, account, ...resource] = arn.split(":");
  if (scheme !== "arn" || !partition || !service || region === undefined || account === undefined) {
    return undefined;
  }
  if (resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
}

/** What follows the first slash of an ARN's resource: `document/a/b` gives `a/b`. */
export function resourceName(arn: Arn): string {
  return (parseArn(arn)?.resource ?? arn).replace(/^[^/]*\//, "");
}
