import type { MultiTargetInput } from "./multi-target.js";

/** Parameters as StartAutomationExecution takes them, whatever their type. */
export type GivenParameters = Readonly<Record<string, readonly string[]>>;

/** The input of StartAutomationExecution, as far as it is modelled. */
export interface StartInput extends MultiTargetInput {
  readonly DocumentName: string;
  readonly DocumentVersion?: string;
  readonly Parameters?: GivenParameters;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Mode?: string;
  /** The same token means the same start. */
  readonly ClientToken?: string;
}
