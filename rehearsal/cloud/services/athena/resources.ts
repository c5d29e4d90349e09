import { AwsError } from "../../../kernel/errors.js";
import type { Deployment } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { AthenaService, AthenaCloud } from "./athena.js";
import type { WorkgroupConfiguration } from "./workgroup.js";

interface WorkgroupInputs {
  readonly name: string;
  readonly description?: string;
  readonly state?: string;
  readonly forceDestroy?: boolean;
  readonly configuration?: {
    readonly enforceWorkgroupConfiguration?: boolean;
    readonly publishCloudwatchMetricsEnabled?: boolean;
    readonly requesterPaysEnabled?: boolean;
    readonly bytesScannedCutoffPerQuery?: number;
    readonly engineVersion?: { readonly selectedEngineVersion?: string };
    readonly resultConfiguration?: {
      readonly outputLocation?: string;
      readonly encryptionConfiguration?: {
        readonly encryptionOption?: string;
        readonly kmsKeyArn?: string;
      };
    };
  };
}

interface NamedQueryInputs {
  readonly name: string;
  readonly database: string;
  readonly query: string;
  readonly description?: string;
  readonly workgroup?: string;
}

/** The smallest limit in bytes that the provider takes: 10 MiB; AWS's API takes 10 MB. */
const MIN_CUTOFF_BYTES = 10_485_760;
const ENGINES = ["AUTO", "Athena engine version 2", "Athena engine version 3"];
const ENCRYPTIONS = ["SSE_S3", "SSE_KMS", "CSE_KMS"];

/** The Pulumi resource types of Athena: workgroups and named queries. */
export function athenaResources(athena: AthenaService, cloud: AthenaCloud) {
  return [workgroupType(athena, cloud), namedQueryType(athena, cloud)];
}

function workgroupType(athena: AthenaService, cloud: AthenaCloud) {
  const arnOf = (name: string, { account, region }: Deployment) =>
    cloud.arn("athena", region, account, `workgroup/${name}`);
  return resourceType<WorkgroupInputs>({
    type: "aws:athena/workgroup:Workgroup",
    models: ["name", "description", "state", "forceDestroy", "configuration", "tags"],
    replaceOnChanges: ["name"],
    autoname: "name",
    create: (inputs, at) => {
      const { name, description } = inputs;
      if (!/^[\w.-]{1,128}$/.test(name))
        throw invalid(`WorkGroup name "${name}": 1-128 letters, digits, . _ and -`);
      const workgroups = athena.workgroupsIn(at);
      if (workgroups.has(name)) throw invalid(`WorkGroup ${name} is already created.`);
      const arn = arnOf(name, at);
      workgroups.set(name, {
        name,
        arn,
        enabled: inputs.state !== "DISABLED",
        configuration: configurationOf(inputs, cloud, at),
        created: cloud.clock.now,
        forceDestroy: inputs.forceDestroy ?? false,
        ...(description !== undefined && { description }),
      });
      return { id: name, outputs: { arn } };
    },
    update: (id, inputs, at) => {
      const found = athena.workgroup(at, id);
      found.configuration = configurationOf(inputs, cloud, at);
      found.enabled = inputs.state !== "DISABLED";
      found.forceDestroy = inputs.forceDestroy ?? false;
      if (inputs.description === undefined) delete found.description;
      else found.description = inputs.description;
      return { arn: found.arn };
    },
    delete: (id, at) => {
      const found = athena.workgroup(at, id);
      if (!found.forceDestroy && athena.isUsed(at, id))
        throw invalid(`WorkGroup ${id} is not empty`);
      athena.workgroupsIn(at).delete(id);
    },
  });
}

function configurationOf(
  { configuration = {} }: WorkgroupInputs,
  cloud: AthenaCloud,
  { account, region }: Deployment,
): WorkgroupConfiguration {
  const { bytesScannedCutoffPerQuery: cutoff, resultConfiguration = {} } = configuration;
  const { outputLocation, encryptionConfiguration } = resultConfiguration;
  const engine = configuration.engineVersion?.selectedEngineVersion ?? "AUTO";
  if (cutoff !== undefined && cutoff < MIN_CUTOFF_BYTES)
    throw invalid(`BytesScannedCutoffPerQuery ${cutoff}: at least ${MIN_CUTOFF_BYTES}`);
  if (!ENGINES.includes(engine)) throw invalid(`EngineVersion ${engine} is not supported`);
  if (outputLocation !== undefined && !/^s3:\/\/[^/]+(\/.*)?$/.test(outputLocation))
    throw invalid(`OutputLocation ${outputLocation} is not a valid S3 path.`);
  const { encryptionOption: option, kmsKeyArn } = encryptionConfiguration ?? {};
  if (option !== undefined && !ENCRYPTIONS.includes(option))
    throw invalid(`EncryptionOption ${option}: ${ENCRYPTIONS.join(", ")}`);
  if (option?.endsWith("KMS") && kmsKeyArn === undefined)
    throw invalid(`KmsKey is required with EncryptionOption ${option}`);
  const kmsKey = kmsKeyArn === undefined ? undefined : cloud.kms.key(account, region, kmsKeyArn);
  return {
    // The provider's default: what the workgroup says holds for every query in it.
    enforced: configuration.enforceWorkgroupConfiguration ?? true,
    publishesMetrics: configuration.publishCloudwatchMetricsEnabled ?? true,
    requesterPays: configuration.requesterPaysEnabled ?? false,
    engine,
    ...(outputLocation !== undefined && { outputLocation }),
    ...(option !== undefined && {
      encryption: { option, ...(kmsKey !== undefined && { kmsKey: kmsKey.arn }) },
    }),
    ...(cutoff !== undefined && { cutoff }),
  };
}

function namedQueryType(athena: AthenaService, cloud: AthenaCloud) {
  return resourceType<NamedQueryInputs>({
    type: "aws:athena/namedQuery:NamedQuery",
    models: ["name", "database", "query", "description", "workgroup"],
    // The provider knows no update.
    replaceOnChanges: ["name", "database", "query", "description", "workgroup"],
    autoname: "name",
    create: ({ name, database, query, description, workgroup = "primary" }, at) => {
      if (name.length > 128) throw invalid(`NamedQuery name "${name}": 128 characters at most`);
      if (query.trim() === "" || Buffer.byteLength(query) > 262_144)
        throw invalid(`The query "${name}" is empty, or of more than 262144 bytes`);
      if ((description?.length ?? 0) > 1024)
        throw invalid(`The description of "${name}" has more than 1024 characters`);
      athena.workgroup(at, workgroup);
      const id = cloud.ids.uuid(`named query ${at.account} ${at.name}`);
      athena.namedQueries.in(at.account, at.region).set(id, {
        id,
        name,
        database,
        sql: query,
        workgroup,
        ...(description !== undefined && { description }),
      });
      return { id, outputs: {} };
    },
    update: () => ({}),
    delete: (id, at) => void athena.namedQueries.in(at.account, at.region).delete(id),
  });
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
