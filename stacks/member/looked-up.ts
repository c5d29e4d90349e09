import * as pulumi from "@pulumi/pulumi";
import type { ConfigProblem } from "../config.js";

/** Something that a setting names and that no stack makes. */
export interface Named {
  /** `fleet:hosts.web.image` */
  readonly key: string;
  /** What there must be, what was written, and what to do: `expected …, found …; …` */
  readonly missing: string;
  /** For people, where AWS does not say whether it exists: `the image of …` */
  readonly what: string;
}

/**
 * AWS's answer, or the mistake in the setting. Undefined, after a warning, where AWS refuses to answer: that is no mistake
 * of the configuration.
 */
export async function lookedUp<T>(
  answer: Promise<T>,
  { key, missing, what }: Named,
): Promise<T | ConfigProblem | undefined> {
  try {
    return await answer;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (isMissing(words)) return { key, reason: missing };
    void pulumi.log.warn(`${key}: ${what} cannot be looked up, so nobody has checked it: ${words}`);
    return undefined;
  }
}

export const isProblem = (found: unknown): found is ConfigProblem =>
  typeof found === "object" && found !== null && "reason" in found;

/**
 * Codes of AWS, and the provider's words for them. Sources: API references, GetDocument, GetParameter and DescribeDirectories,
 * Errors.
 */
const isMissing = (words: string): boolean =>
  /InvalidDocument\b|ParameterNotFound|EntityDoesNotExist|couldn't find resource|not found/i.test(
    words,
  );
