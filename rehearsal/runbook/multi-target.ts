// The targets and locations of a multi-target run, in the shapes of the API reference.

export interface Target {
  readonly Key: string;
  readonly Values: readonly string[];
}

/** Values of several parameters at once. */
export type TargetMap = Readonly<Record<string, readonly string[]>>;

/** Accounts and Regions that an automation runs in. */
export interface TargetLocation {
  /** Ids of accounts, organisational units and roots. */
  readonly Accounts?: readonly string[];
  readonly Regions?: readonly string[];
  readonly TargetLocationMaxConcurrency?: string;
  readonly TargetLocationMaxErrors?: string;
  readonly ExecutionRoleName?: string;
  readonly IncludeChildOrganizationUnits?: boolean;
  readonly ExcludeAccounts?: readonly string[];
  readonly Targets?: readonly Target[];
  readonly TargetsMaxConcurrency?: string;
  readonly TargetsMaxErrors?: string;
}

/** The parts of a start that make it a multi-target run. */
export interface MultiTargetInput {
  readonly TargetParameterName?: string;
  readonly Targets?: readonly Target[];
  readonly TargetMaps?: readonly TargetMap[];
  readonly MaxConcurrency?: string;
  readonly MaxErrors?: string;
  readonly TargetLocations?: readonly TargetLocation[];
}

/** The targets or locations of a started multi-target run. */
export interface MultiTargetRun extends MultiTargetInput {
  /** The values of the target parameter; known once the automation runs. */
  resolved?: readonly string[];
  /** The steps that are still to come, in their order: one for each target or location. */
  waiting: MultiTargetStep[];
}

/** A step of a multi-target run: it starts an automation for one target or one location. */
export interface MultiTargetStep {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly location?: TargetLocation;
}
