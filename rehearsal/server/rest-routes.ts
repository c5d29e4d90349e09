import type { WireRequest } from "./http.js";
import { decoded } from "./http.js";
import type { OperationModel, ServiceModel } from "./models.js";
import { requiredMembers } from "./models.js";

interface Route {
  readonly operation: OperationModel;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** What the query must have: `list-type=2`, `delete`. */
  readonly literals: readonly (readonly [string, string])[];
  /** What it must have by its members: names of headers and of fields of the query. */
  readonly headers: readonly string[];
  readonly fields: readonly string[];
  readonly hasBucket: boolean;
}

export interface Routed {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

/** Which operation a request asks for, by the methods, paths and queries in AWS's model. */
export class RestRoutes {
  private readonly routes: readonly Route[];

  constructor(model: ServiceModel) {
    this.routes = model.bound.map(routeOf);
  }

  /**
   * The most particular operation that fits. `bucket` says that the path or the host named one, and that it is no longer in
   * the path: S3's model has it in neither.
   */
  find(request: WireRequest, path: string, bucket?: string): Routed | undefined {
    let found: Routed | undefined;
    let best = -1;
    for (const route of this.routes) {
      const match = fits(route, request, bucket) ? route.path.exec(path) : null;
      const weight = route.literals.length + route.headers.length + route.fields.length;
      if (match === null || weight <= best) continue;
      best = weight;
      const labels = route.labels.map((name, index) => [name, decoded(match[index + 1] ?? "")]);
      found = {
        operation: route.operation,
        labels: Object.fromEntries(labels) as Routed["labels"],
      };
    }
    return found;
  }
}

/** Tells operations of one method and path from each other in the SDK's own requests; the AWS CLI does not send it. */
const HINT = "x-id";

function routeOf(operation: OperationModel): Route {
  const [method, uri] = operation.http ?? ["", "", 0];
  const [path = "/", query = ""] = uri.split("?");
  const labels: string[] = [];
  const pattern = path
    .replace(/[.*^$()|[\]\\]/g, "\\$&")
    .replace(/\{(\w+)(\+?)\}/g, (_all, name: string, isGreedy: string) => {
      labels.push(name);
      return isGreedy === "" ? "([^/]+)" : "(.+)";
    });
  const traits = requiredMembers(operation.input).map(([, member]) => member.getMergedTraits());
  return {
    operation,
    method,
    path: new RegExp(`^${pattern}$`, "s"),
    labels,
    literals: [...new URLSearchParams(query)].filter(([name]) => name !== HINT),
    headers: traits.flatMap(({ httpHeader }) => httpHeader?.toLowerCase() ?? []),
    fields: traits.flatMap(({ httpQuery }) => httpQuery ?? []),
    hasBucket: [...operation.input.structIterator()].some(
      ([name, member]) => name === "Bucket" && member.getMergedTraits().httpLabel === 1,
    ),
  };
}

function fits(route: Route, { method, query, headers }: WireRequest, bucket?: string): boolean {
  const hint = query.get(HINT);
  return (
    route.method === method &&
    (hint === null || hint === route.operation.name) &&
    (bucket !== undefined) === (route.hasBucket && !route.labels.includes("Bucket")) &&
    route.literals.every(([name, value]) => query.get(name) === value) &&
    route.headers.every((name) => headers.has(name)) &&
    route.fields.every((name) => query.has(name))
  );
}
