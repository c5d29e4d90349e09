import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isDeepStrictEqual } from "node:util";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { Cloud } from "../cloud/cloud.js";
import type { Properties } from "../kernel/resource.js";
import type { Deployed } from "../program/deployer.js";
import { Deployer } from "../program/deployer.js";
import { providerSettings } from "../program/provider-settings.js";
import { answer, checked, object, struct, urnParts } from "./messages.js";

export interface ProviderOptions {
  readonly cloud: Cloud;
  /** The account of the credentials at hand. */
  readonly credentials: string;
  /** The project's folder. */
  readonly folder: string;
}

/** The real provider's version that the local cloud stands in for; the engine asks for it. */
const VERSION = "7.48.0";

/** How the engine writes a value that is not known yet. Source: pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The local cloud as a Pulumi provider for the packages `aws` and `archive`, so that the real engine previews and
 * deploys into it. Attach it with `PULUMI_DEBUG_PROVIDERS=aws:PORT,archive:PORT`.
 *
 * The SDK's own provider server drops `Configure` and hands secrets over wrapped; this one answers `Configure`, as the
 * account binding is checked there, and asks for plain values.
 */
export class LocalProvider {
  private readonly server = new grpc.Server();
  private deployer: Deployer;
  private region = "";
  /** What refresh reads, by id and type. */
  private readonly deployed = new Map<string, Deployed>();
  /** Every request that changes something, for tests that nothing was touched. */
  readonly changes: string[] = [];

  constructor(private readonly options: ProviderOptions) {
    const settings = providerSettings({}, options.credentials);
    this.deployer = new Deployer(options.cloud, settings, options.folder);
  }

  /** Listens on a free port of the loopback interface and gives its number. */
  async listen(): Promise<number> {
    this.server.addService(ResourceProviderService, this.service());
    return new Promise((resolve, reject) => {
      this.server.bindAsync(
        "127.0.0.1:0",
        grpc.ServerCredentials.createInsecure(),
        (error, port) => {
          if (error === null) resolve(port);
          else reject(error);
        },
      );
    });
  }

  close(): void {
    this.server.forceShutdown();
  }

  /** What it made and has not deleted, by type and id. */
  get remaining(): string[] {
    return [...this.deployed.keys()];
  }

  private service(): grpc.UntypedServiceImplementation {
    return {
      getPluginInfo: answer(() => {
        const info = new PluginInfo();
        info.setVersion(VERSION);
        return info;
      }),
      attach: answer(() => new Empty()),
      cancel: answer(() => new Empty()),
      checkConfig: answer((request: pb.CheckRequest) => checked(object(request.getNews()))),
      diffConfig: answer(() => {
        const response = new pb.DiffResponse();
        response.setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE);
        return response;
      }),
      configure: answer((request: pb.ConfigureRequest) =>
        this.configure(object(request.getArgs())),
      ),
      invoke: answer((request: pb.InvokeRequest) => this.invoke(request)),
      check: answer((request: pb.CheckRequest) => this.check(request)),
      diff: answer((request: pb.DiffRequest) => this.diff(request)),
      create: answer((request: pb.CreateRequest) => this.create(request)),
      read: answer((request: pb.ReadRequest) => this.read(request)),
      update: answer((request: pb.UpdateRequest) => this.update(request)),
      delete: answer((request: pb.DeleteRequest) => this.delete(request)),
    } satisfies Partial<Record<keyof IResourceProviderServer, unknown>>;
  }

  /** Refuses credentials of an account that the stack is not bound to. */
  private configure(args: Properties): pb.ConfigureResponse {
    // One server stands in for several packages; only `aws` has a Region, and the account to work in.
    const settings = providerSettings(args, this.options.credentials);
    if (settings.region !== "") {
      this.region = settings.region;
      this.deployer = new Deployer(this.options.cloud, settings, this.options.folder);
    }
    const response = new pb.ConfigureResponse();
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  private async invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const args = object(request.getArgs());
    const result = await this.deployer.invoke(request.getTok(), args, this.regionOf(args));
    const response = new pb.InvokeResponse();
    response.setReturn(struct(result));
    return response;
  }

  /** Settles generated names once: a resource keeps the name that it was created with. */
  private check(request: pb.CheckRequest): pb.CheckResponse {
    const { type, name } = urnParts(request.getUrn());
    const news = object(request.getNews());
    const olds = object(request.getOlds());
    const property = this.deployer.typeOf(type)?.autoname;
    if (property === undefined || news[property] !== undefined) return checked(news);
    const proposed = request.getAutonaming()?.getProposedName() ?? "";
    const settled =
      olds[property] ??
      (proposed === "" ? this.deployer.named({ type, name, inputs: news })[property] : proposed);
    return checked({ ...news, [property]: settled });
  }

  private diff(request: pb.DiffRequest): pb.DiffResponse {
    const { type } = urnParts(request.getUrn());
    const olds = object(request.getOldInputs());
    const news = object(request.getNews());
    const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
    const changed = [...keys].filter((key) => !isDeepStrictEqual(olds[key], news[key]));
    const replacing = ["region", ...(this.deployer.typeOf(type)?.replaceOnChanges ?? [])];
    const response = new pb.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed);
    response.setReplacesList(changed.filter((key) => replacing.includes(key)));
    return response;
  }

  private async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const { type, name } = urnParts(request.getUrn());
    const inputs = object(request.getProperties());
    const response = new pb.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(inputs));
      return response;
    }
    this.changes.push(`create ${type} ${name}`);
    const created = await this.deployer.create({
      type,
      name,
      inputs,
      region: this.regionOf(inputs),
    });
    this.remember(created);
    response.setId(created.id);
    response.setProperties(struct(created.state));
    return response;
  }

  /** What refresh and import see: the resource as it is, or nothing where it is gone. */
  private read(request: pb.ReadRequest): pb.ReadResponse {
    const { type } = urnParts(request.getUrn());
    // An import names the Region behind the id where it is not the provider's.
    const [id = ""] = /^(arn:.*|[^@]*)/.exec(request.getId()) ?? [];
    const deployed = this.deployed.get(`${type} ${id}`);
    const found = deployed === undefined ? undefined : this.deployer.read(deployed);
    const response = new pb.ReadResponse();
    if (found === undefined) return response;
    response.setId(found.id);
    response.setProperties(struct(found.state));
    response.setInputs(struct(found.inputs));
    return response;
  }

  private async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const { type, name } = urnParts(request.getUrn());
    const inputs = object(request.getNews());
    const response = new pb.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(struct({ ...object(request.getOlds()), ...inputs }));
      return response;
    }
    this.changes.push(`update ${type} ${name}`);
    const old = {
      type,
      name,
      id: request.getId(),
      region: this.regionOf(inputs),
      inputs: object(request.getOldInputs()),
      state: object(request.getOlds()),
    };
    const updated = await this.deployer.update(old, inputs);
    this.remember(updated);
    response.setProperties(struct(updated.state));
    return response;
  }

  private async delete(request: pb.DeleteRequest): Promise<Empty> {
    const { type, name } = urnParts(request.getUrn());
    this.changes.push(`delete ${type} ${name}`);
    const state = object(request.getProperties());
    await this.deployer.delete({ type, name, id: request.getId(), region: this.regionOf(state) });
    this.deployed.delete(`${type} ${request.getId()}`);
    return new Empty();
  }

  private remember(deployed: Deployed): void {
    this.deployed.set(`${deployed.type} ${deployed.id}`, deployed);
  }

  private regionOf(inputs: Properties): string {
    const { region } = inputs;
    return typeof region === "string" && region !== UNKNOWN ? region : this.region;
  }
}
