import { createHash } from "node:crypto";

/**
 * Ids in AWS's forms that are the same in every run: a digest of what the id is for and a running number.
 */
export class Identifiers {
  private readonly counts = new Map<string, number>();

  /** `length` hexadecimal digits, another for every call with the same purpose. */
  hex(purpose: string, length: number): string {
    const count = this.counts.get(purpose) ?? 0;
    this.counts.set(purpose, count + 1);
    return createHash("sha256").update(`${purpose}#${count}`).digest("hex").slice(0, length);
  }

  uuid(purpose: string): string {
    const hex = this.hex(purpose, 32);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** e.g. `i-0a1b2c3d4e5f60718` */
  ec2(prefix: string, purpose: string): string {
    return `${prefix}-0${this.hex(`${prefix} ${purpose}`, 16)}`;
  }

  /** The same id for every call with the same purpose: of what is seen from several places. */
  stable(prefix: string, purpose: string): string {
    const digest = createHash("sha256").update(`${prefix} ${purpose}`).digest("hex");
    return `${prefix}-0${digest.slice(0, 16)}`;
  }
}
