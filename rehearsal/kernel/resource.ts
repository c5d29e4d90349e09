import type { Kernel } from "./kernel.js";
import type { RoleSession } from "./principal.js";

export type Properties = Readonly<Record<string, unknown>>;

/** The deployer of a resource: account and Region. */
export interface Deployment {
  readonly kernel: Kernel;
  /** The administrator's session that deploys. */
  readonly principal: RoleSession;
  readonly account: string;
  readonly region: string;
  /** The resource's logical name: its ids are made of it, so that they do not depend on the order of creation. */
  readonly name: string;
  /** The project's folder, from which the paths of files are meant. */
  readonly folder: string;
}

export interface Created {
  readonly id: string;
  /** What the provider knows after the creation beside the inputs: ARNs, ids, versions. */
  readonly outputs: Properties;
}

/** A Pulumi resource type that the local cloud takes. */
export interface ResourceType<Inputs = never> {
  /** e.g. `aws:ssm/document:Document` */
  readonly type: string;
  /** The properties that the local cloud looks at. Others are reported as not rehearsed, where they are set. */
  readonly models: readonly string[];
  /** The properties whose change replaces the resource, as in the provider's schema. */
  readonly replaceOnChanges: readonly string[];
  /** The property that gets a generated physical name when it is not set. */
  readonly autoname?: string;
  /** Takes the resource. Throws AWS's error for what AWS refuses. */
  create(inputs: Inputs, at: Deployment): Created | Promise<Created>;
  /** Changes what can be changed in place; gives the outputs beside the inputs. */
  update(
    id: string,
    inputs: Inputs,
    at: Deployment,
    olds: Inputs,
  ): Properties | Promise<Properties>;
  /** What others can change of the resource, as it is now; undefined where it is gone. */
  read?(
    id: string,
    at: Deployment,
  ): { readonly tags: Readonly<Record<string, string>> } | undefined;
  delete(id: string, at: Deployment): void | Promise<void>;
}

/** A resource type with the type of its inputs inferred. */
export function resourceType<Inputs>(definition: ResourceType<Inputs>): ResourceType<Inputs> {
  return definition;
}

/** A provider function, e.g. `aws:ec2/getSubnets:getSubnets`. */
export type Invoke<Inputs = never> = (
  args: Inputs,
  at: Deployment,
) => Properties | Promise<Properties>;

/** What one service of the local cloud consists of. */
export interface Service {
  readonly resourceTypes?: readonly ResourceType[];
  readonly invokes?: Readonly<Record<string, Invoke>>;
}
