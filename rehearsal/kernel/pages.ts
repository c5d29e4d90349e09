import { AwsError } from "./errors.js";

/** How much of a list a call wants, as Systems Manager's operations and others ask for it. */
export interface PageInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface PageLimits {
  readonly minimum?: number;
  readonly maximum: number;
  /** Where the call does not say how many. */
  readonly default: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** To be handed on as it is; absent: this was the last page. */
  readonly rest: { readonly NextToken?: string };
}

/** @throws AwsError ValidationException, InvalidNextToken */
export function pageOf<T>(items: readonly T[], input: PageInput, limits: PageLimits): Page<T> {
  const { MaxResults = limits.default, NextToken = "" } = input;
  const { minimum = 1, maximum } = limits;
  if (!Number.isInteger(MaxResults) || MaxResults < minimum || MaxResults > maximum) {
    const text = `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between ${minimum} and ${maximum}`;
    throw new AwsError("ValidationException", text);
  }
  const start = NextToken === "" ? 0 : Number(NextToken);
  if (!Number.isInteger(start) || start < 0 || start > items.length)
    throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  const end = start + MaxResults;
  return {
    items: items.slice(start, end),
    rest: end < items.length ? { NextToken: String(end) } : {},
  };
}
