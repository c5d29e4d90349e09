import type { Keys } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { Regional } from "../../../kernel/regional.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import type { QueryExecution } from "./execution.js";
import { namedQueryOperations } from "./named-queries.js";
import { executionOperations } from "./operations.js";
import { athenaResources } from "./resources.js";
import type { NamedQuery, Workgroup } from "./workgroup.js";

type Place = { readonly account: string; readonly region: string };

/** The workgroup that every account has. */
const PRIMARY = "primary";

/** What Athena uses of the rest of the cloud. */
export interface AthenaCloud extends Kernel {
  readonly kms: Keys;
}

/**
 * Athena: workgroups, named queries, and queries over the objects of the local S3 by the tables of the local Glue, with
 * the caller's permissions. The SQL is parsed by Trino's grammar and executed by DuckDB (`athena/sql/`).
 */
export class AthenaService implements Service {
  private readonly workgroups = new Regional<Workgroup>();
  readonly namedQueries = new Regional<NamedQuery>();
  readonly executions = new Regional<QueryExecution>();
  readonly operations;
  readonly resourceTypes: readonly ResourceType[];

  constructor(private readonly cloud: AthenaCloud) {
    this.operations = { ...executionOperations(this, cloud), ...namedQueryOperations(this) };
    this.resourceTypes = athenaResources(this, cloud);
  }

  /** The workgroups of an account and Region by name. */
  workgroupsIn({ account, region }: Place): Map<string, Workgroup> {
    const found = this.workgroups.in(account, region);
    if (!found.has(PRIMARY)) {
      const arn = this.cloud.arn("athena", region, account, `workgroup/${PRIMARY}`);
      const engine = "Athena engine version 3";
      const settings = { enforced: false, publishesMetrics: false, requesterPays: false, engine };
      const created = this.cloud.clock.now;
      found.set(PRIMARY, {
        name: PRIMARY,
        arn,
        enabled: true,
        forceDestroy: false,
        configuration: settings,
        created,
      });
    }
    return found;
  }

  /** @throws AwsError InvalidRequestException */
  workgroup(place: Place, name: string): Workgroup {
    const found = this.workgroupsIn(place).get(name);
    if (found !== undefined) return found;
    throw new AwsError("InvalidRequestException", `WorkGroup ${name} is not found.`);
  }

  /** Whether a workgroup has named queries, or a history. */
  isUsed({ account, region }: Place, name: string): boolean {
    const queries = [...this.namedQueries.in(account, region).values()];
    const executions = [...this.executions.in(account, region).values()];
    return (
      queries.some(({ workgroup }) => workgroup === name) ||
      executions.some(({ workgroup }) => workgroup.name === name)
    );
  }

  /** @throws AwsError InvalidRequestException */
  execution({ account, region }: Place, id: string): QueryExecution {
    const found = this.executions.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidRequestException", `QueryExecution ${id} was not found`);
  }
}
