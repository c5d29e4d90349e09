import { NormalizedSchema } from "@smithy/core/schema";

/** A shape or an operation in AWS's model of a service, as the SDK's clients export it: `[kind, namespace, name, …]`. */
type Schema = Parameters<typeof NormalizedSchema.of>[0];

/** What a model says of an operation. */
export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path and status, where the protocol binds operations to HTTP. */
  readonly http: readonly [string, string, number] | undefined;
}

/** Kinds of schemas. Source: `@smithy/types`, "StaticSchemaId". */
const OPERATION = 9;
const ERROR = -3;

/**
 * AWS's model of a service, out of the SDK's client for it: what its requests and answers look like, and which errors it
 * has. So nothing of that is written down here.
 */
export class ServiceModel {
  private readonly operations = new Map<string, OperationModel>();

  constructor(
    /** The client's module. */
    private readonly exported: Readonly<Record<string, unknown>>,
    readonly xmlNamespace: string,
  ) {}

  operation(name: string): OperationModel | undefined {
    let found = this.operations.get(name);
    if (found !== undefined) return found;
    const schema = this.exported[`${name}$`];
    if (!isKind(schema, OPERATION)) return undefined;
    const traits = schema[3] as { http?: OperationModel["http"] } | number;
    found = {
      name,
      input: NormalizedSchema.of(schema[4] as Schema),
      output: NormalizedSchema.of(schema[5] as Schema),
      http: typeof traits === "object" ? traits.http : undefined,
    };
    this.operations.set(name, found);
    return found;
  }

  /** Every operation that is bound to HTTP. */
  get bound(): readonly OperationModel[] {
    return Object.values(this.exported)
      .filter((schema) => isKind(schema, OPERATION))
      .map((schema) => this.operation(String(schema[2])))
      .filter((operation) => operation?.http !== undefined) as OperationModel[];
  }

  /** The HTTP status of an error that the model has. */
  statusOf(code: string): number | undefined {
    const schema = this.exported[`${code}$`];
    if (!isKind(schema, ERROR)) return undefined;
    const { httpError, awsQueryError, error } = schema[3] as ErrorTraits;
    return httpError ?? awsQueryError?.[1] ?? (error === "server" ? 500 : 400);
  }
}

interface ErrorTraits {
  readonly httpError?: number;
  readonly awsQueryError?: readonly [string, number];
  readonly error?: "client" | "server";
}

function isKind(schema: unknown, kind: number): schema is readonly unknown[] {
  return Array.isArray(schema) && schema[0] === kind;
}

/** How many members a structure requires: they stand first. Source: `@smithy/types`, "StaticStructureSchema". */
export function requiredMembers(structure: NormalizedSchema): [string, NormalizedSchema][] {
  const count = (structure.getSchema() as unknown as readonly unknown[])[6];
  return [...structure.structIterator()].slice(0, typeof count === "number" ? count : 0);
}
