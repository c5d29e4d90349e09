// What the config of a stack becomes once it is checked.
import type { Account } from "../../components/account.js";
import type { EndpointService } from "../../components/network/endpoint-services.js";
import type { Collection } from "../../components/schedules/collections.js";
import type { IdentityCenter, SessionUsers } from "./access.js";
import type { BootstrapConfig } from "./bootstrap.js";
import type { HostConfig } from "./hosts.js";
import type { PackageConfig } from "./packages.js";
import type { Removal } from "../removal.js";
import type { RoutesConfig } from "./routes.js";
import type { RunsConfig } from "./runs.js";
import type { ScheduleConfig } from "./schedules.js";

/** The settings of every stack, whatever its role. */
export interface Common {
  readonly account: Account;
  /** The first is home, where the things are that exist once. */
  readonly regions: readonly [string, ...string[]];
  /** Begins every fixed physical name: 1-20 characters. */
  readonly prefix: string;
  /** Role that the provider assumes in the account; without it, the credentials at hand are used. */
  readonly assumeRole?: string;
  /** What becomes of data that the stack no longer declares. */
  readonly onRemove: Removal;
}

/** The central account. */
export interface LogConfig extends Common {
  readonly role: "log";
  /** Key for the central bucket, in the home Region; without it the stack makes one. */
  readonly kmsKeyArn?: string;
  /** How long uploads under `tmp/` of the central bucket stay, in days. */
  readonly tmpDays: number;
  readonly packages: readonly PackageConfig[];
  /** Path of the file that remembers what published versions hold, relative to the project. */
  readonly packagesLock: string;
  /** Sessions for people of IAM Identity Center, where this account administers it. */
  readonly identityCenter?: IdentityCenter;
  /** Scripts over accounts; undefined where they run in none. */
  readonly runs?: RunsConfig;
  /** Results that go out to people; undefined where none do. */
  readonly routes?: RoutesConfig;
}

/** An account with hosts. */
export interface MemberConfig extends Common, BootstrapConfig {
  readonly role: "member";
  /** The stack of the central account, as StackReference takes it. */
  readonly logStack: string;
  /** `Name` tag of the VPC of the hosts; set when there are hosts. */
  readonly vpc?: string;
  readonly hosts: Readonly<Record<string, HostConfig>>;
  /** Services to make endpoints for in the VPC. */
  readonly endpoints: readonly EndpointService[];
  /** Other accounts that may use these endpoints, as the VPC is shared with them. */
  readonly endpointAccounts: readonly string[];
  /** Who may open sessions on the hosts by a role of the account. */
  readonly sessionUsers?: SessionUsers;
  /** Schedules by name. */
  readonly schedules: Readonly<Record<string, ScheduleConfig>>;
  /** Scripts whose answers become inventory and compliance, by name. */
  readonly collect: Readonly<Record<string, Collection>>;
}

export type FleetConfig = LogConfig | MemberConfig;
