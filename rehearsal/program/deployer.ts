import type { Cloud } from "../cloud/cloud.js";
import { AwsError, messageOf, NotRehearsed } from "../kernel/errors.js";
import type { ProviderSettings } from "./provider-settings.js";
import type { Created, Deployment, Invoke, Properties, ResourceType } from "../kernel/resource.js";

/** A resource that a stack has in the local cloud. */
export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly inputs: Properties;
  /** Inputs and outputs together, as a provider returns them. */
  readonly state: Properties;
}

/** What a stack wants of one resource. */
export interface Wanted {
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  readonly region: string;
  readonly inputs: Properties;
}

/** AWS refused a resource; says which and why. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
}

/** Puts one account's resources into the local cloud, for programs under mocks and for the Pulumi engine alike. */
export class Deployer {
  private readonly types: ReadonlyMap<string, ResourceType>;
  private readonly invokes: Readonly<Record<string, Invoke>>;

  constructor(
    private readonly cloud: Cloud,
    private readonly settings: ProviderSettings,
    /** The project's folder. */
    private readonly folder: string,
    /** The pattern of generated names, as in `pulumi:autonaming`, with `${stack}` and `${project}` filled in. */
    private readonly naming = "${name}-${hex(7)}",
  ) {
    const types = cloud.services.flatMap((service) => service.resourceTypes ?? []);
    this.types = new Map(types.map((type) => [type.type, type]));
    this.invokes = Object.assign(
      {},
      ...cloud.services.map((service) => service.invokes ?? {}),
    ) as Record<string, Invoke>;
  }

  /** The type, where the local cloud models it. */
  typeOf(token: string): ResourceType | undefined {
    return this.types.get(token);
  }

  /** @throws DeploymentError where AWS would refuse it. */
  async create(wanted: Wanted): Promise<Deployed> {
    const { type, name, region } = wanted;
    const inputs = this.named(wanted);
    const found: ResourceType<Properties> | undefined = this.types.get(type);
    if (found === undefined) {
      this.cloud.reportNotRehearsed(type);
      return { type, name, region, id: `${name}-id`, inputs, state: inputs };
    }
    this.reportUnknownProperties(found, inputs);
    const created = await this.refusals<Created>(wanted, () =>
      found.create(this.tagged(found, inputs), this.at(region, name)),
    );
    return { type, name, region, id: created.id, inputs, state: { ...inputs, ...created.outputs } };
  }

  /** @throws DeploymentError where AWS would refuse the change. */
  async update(deployed: Deployed, inputs: Properties): Promise<Deployed> {
    const found: ResourceType<Properties> | undefined = this.types.get(deployed.type);
    if (found === undefined) return { ...deployed, inputs, state: inputs };
    const outputs = await this.refusals(deployed, () =>
      found.update(
        deployed.id,
        this.tagged(found, inputs),
        this.at(deployed.region, deployed.name),
        this.tagged(found, deployed.inputs),
      ),
    );
    return { ...deployed, inputs, state: { ...inputs, ...outputs } };
  }

  /** The resource as it is now, with the tags that are the program's business; undefined where it is gone. */
  read(deployed: Deployed): Deployed | undefined {
    const found = this.types.get(deployed.type);
    if (found?.read === undefined) return deployed;
    const now = found.read(deployed.id, this.at(deployed.region, deployed.name));
    if (now === undefined) return undefined;
    const { defaultTags, ignoredTags } = this.settings;
    const tags = Object.entries(now.tags).filter(
      ([key, value]) =>
        defaultTags[key] !== value && !ignoredTags.some((prefix) => key.startsWith(prefix)),
    );
    const changed = { tags: Object.fromEntries(tags) };
    return {
      ...deployed,
      inputs: { ...deployed.inputs, ...changed },
      state: { ...deployed.state, ...changed },
    };
  }

  /** @throws DeploymentError where AWS would refuse the deletion. */
  async delete(deployed: Pick<Deployed, "type" | "name" | "id" | "region">): Promise<void> {
    const found = this.types.get(deployed.type);
    await this.refusals(deployed, () =>
      found?.delete(deployed.id, this.at(deployed.region, deployed.name)),
    );
  }

  /** @throws DeploymentError for what the provider would refuse or is not modelled. */
  async invoke(token: string, args: Properties, region: string): Promise<Properties> {
    const found = this.invokes[token] as Invoke<Properties> | undefined;
    return this.refusals({ type: token, name: "invoke" }, () => {
      if (found === undefined) {
        this.cloud.reportNotRehearsed(token);
        throw new NotRehearsed(token);
      }
      return found(args, this.at(region, token));
    });
  }

  /** The inputs with a physical name where the type takes one and the program gave none. */
  named({ type, name, inputs }: Pick<Wanted, "type" | "name" | "inputs">): Properties {
    const property = this.types.get(type)?.autoname;
    if (property === undefined || inputs[property] !== undefined) return inputs;
    const random = (digits: number) =>
      this.cloud.ids.hex(`name ${this.settings.account} ${type} ${name}`, digits);
    const physicalName = this.naming
      .replaceAll("${name}", name)
      .replace(/\$\{hex\((\d+)\)\}/g, (_match, digits: string) => random(Number(digits)));
    return { ...inputs, [property]: physicalName };
  }

  /** The inputs with the provider's default tags, which AWS gets as well. */
  private tagged(type: ResourceType, inputs: Properties): Properties {
    if (!type.models.includes("tags")) return inputs;
    return {
      ...inputs,
      tags: { ...this.settings.defaultTags, ...(inputs["tags"] as object | undefined) },
    };
  }

  private at(region: string, name: string): Deployment {
    return {
      kernel: this.cloud,
      account: this.settings.account,
      region,
      name,
      folder: this.folder,
      principal: this.cloud.sts.operator(this.settings.account),
    };
  }

  private reportUnknownProperties(type: ResourceType, inputs: Properties): void {
    for (const [property, value] of Object.entries(inputs)) {
      if (value === undefined || property === "region" || type.models.includes(property)) continue;
      this.cloud.reportNotRehearsed(`${type.type}, property ${property}`);
    }
  }

  private async refusals<T>(
    subject: { readonly type: string; readonly name: string },
    act: () => T | Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new DeploymentError(
        `${subject.type} "${subject.name}" in account ${this.settings.account}: ${error.code}: ${messageOf(error)}`,
      );
    }
  }
}
