/** The conditions of a host before it starts, from the scenario. */
export interface HostConditions {
  /** `offline`: the agent never registers, as on a host without a way to the SSM endpoints. */
  readonly agent?: "offline";
  /** Milliseconds after the first start during which the agent does not reach Systems Manager. */
  readonly offlineFor?: number;
  /** Files that are on the host at its first start: path to text; a path that ends in `/` is a directory. */
  readonly files?: Readonly<Record<string, string>>;
}
