import type { CommandsCloud } from "../run-command/commands.js";
import type { Access } from "../../../../kernel/access.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import { Regional } from "../../../../kernel/regional.js";
import type { Deployment } from "../../../../kernel/resource.js";
import { resourceType } from "../../../../kernel/resource.js";
import type { Instance } from "../../../../kernel/instance.js";
import type { Association, AssociationInputs } from "./association.js";
import { checkAssociation, targetsOf } from "./association.js";
import { AssociationRun } from "./association-run.js";
import { CommandTargets } from "../run-command/command-targets.js";
import { documentNamed } from "../documents/document-named.js";
import { parseSsmSchedule } from "./ssm-schedule.js";

interface StatusInput {
  readonly AssociationId: string;
  readonly InstanceId: string;
}

/**
 * State Manager: an association runs when it is made, on its schedule, and on a host that comes later as soon as that is
 * online. Source: user guide, "About target updates with Automation runbooks" and "Understanding when associations are
 * applied to resources".
 */
export class SsmAssociations {
  readonly associations = new Regional<Association>();
  private readonly targets: CommandTargets;

  constructor(private readonly cloud: CommandsCloud) {
    this.targets = new CommandTargets(cloud);
  }

  readonly resourceTypes = [
    resourceType<AssociationInputs>({
      type: "aws:ssm/association:Association",
      models: [
        "name",
        "associationName",
        "documentVersion",
        "parameters",
        "targets",
        "scheduleExpression",
        "applyOnlyAtCronInterval",
        "maxConcurrency",
        "maxErrors",
        "complianceSeverity",
        "outputLocation",
        "tags",
      ],
      replaceOnChanges: ["name"],
      create: (inputs, at) => {
        const { account, region } = at;
        const schedule = this.checked(inputs, at);
        const id = this.cloud.ids.uuid(`association ${account} ${region} ${at.name}`);
        const association = { id, account, region, inputs, schedule, statuses: new Map() };
        this.associations.in(account, region).set(id, association);
        this.begin(association);
        return { id, outputs: this.outputsOf(association) };
      },
      update: (id, inputs, at) => {
        const found = this.associations.in(at.account, at.region).get(id);
        if (found === undefined)
          throw new AwsError("AssociationDoesNotExist", `Association ${id} does not exist`);
        const schedule = this.checked(inputs, at);
        Object.assign(found, { inputs, schedule });
        // A change is a new version, and runs at once as a new association does.
        found.statuses.clear();
        this.begin(found);
        return this.outputsOf(found);
      },
      delete: (id, at) => void this.associations.in(at.account, at.region).delete(id),
    }),
  ];

  readonly operations = {
    // Agents call both; the role's policy decides for which instances. Source: service
    // authorization reference.
    ListInstanceAssociations: operation<{ readonly InstanceId: string }, object>({
      access: ({ InstanceId }, caller) => [
        accessTo("ssm:ListInstanceAssociations", `ec2:instance/${InstanceId}`, caller),
      ],
      run: ({ InstanceId }, { account, region }) => {
        const all = [...this.associations.in(account, region).values()];
        const own = all.filter((association) =>
          this.instancesOf(association).some(({ id }) => id === InstanceId),
        );
        return { Associations: own.map(({ id }) => ({ AssociationId: id, InstanceId })) };
      },
    }),
    UpdateInstanceAssociationStatus: operation<StatusInput, object>({
      access: ({ AssociationId, InstanceId }, caller) => {
        const action = "ssm:UpdateInstanceAssociationStatus";
        const resources = [`ssm:association/${AssociationId}`, `ec2:instance/${InstanceId}`];
        return resources.map((resource) => accessTo(action, resource, caller));
      },
      run: () => ({}),
    }),
  };

  /** A new instance is online: the associations that it has not run yet run. */
  instanceOnline(instance: Instance): void {
    for (const association of this.associations.in(instance.account, instance.region).values()) {
      const status = association.statuses.get(instance.id);
      if (status !== undefined && status !== "Pending") continue;
      if (status === undefined && association.inputs.applyOnlyAtCronInterval === true) continue;
      if (!this.instancesOf(association).some(({ id }) => id === instance.id)) continue;
      this.cloud.clock.spawn(() => this.run(association, [instance]));
    }
  }

  private checked(inputs: AssociationInputs, { account, region }: Deployment) {
    checkAssociation(inputs);
    const type = documentNamed(this.cloud, account, region, inputs.name)?.documentType ?? "Command";
    if (type !== "Command")
      this.cloud.reportNotRehearsed(`association of a document of type ${type}`);
    const { scheduleExpression, outputLocation } = inputs;
    if (outputLocation !== undefined && !this.cloud.s3.has(outputLocation.s3BucketName))
      throw new AwsError(
        "InvalidOutputLocation",
        `The S3 bucket does not exist: ${outputLocation.s3BucketName}`,
      );
    return scheduleExpression === undefined
      ? undefined
      : parseSsmSchedule(scheduleExpression, this.cloud.clock.now);
  }

  private outputsOf({ id, account, region }: Association) {
    const arn = this.cloud.arn("ssm", region, account, `association/${id}`);
    return { associationId: id, arn };
  }

  private begin(association: Association): void {
    if (association.inputs.applyOnlyAtCronInterval !== true)
      this.cloud.clock.spawn(() => this.run(association, this.instancesOf(association)));
    this.arm(association);
  }

  private arm(association: Association): void {
    const { schedule, account, region, id } = association;
    if (schedule === undefined) return;
    const { clock } = this.cloud;
    clock.repeatIdly(schedule.next, () => {
      const current = this.associations.in(account, region).get(id);
      if (current !== association || association.schedule !== schedule)
        return Promise.resolve(false);
      clock.spawn(() => this.run(association, this.instancesOf(association)));
      return Promise.resolve(true);
    });
  }

  private instancesOf({ inputs, account, region }: Association): readonly Instance[] {
    const Targets = targetsOf(inputs);
    if (Targets.length === 0) return [];
    return this.targets.instances({ DocumentName: inputs.name, Targets }, { account, region });
  }

  private run(association: Association, instances: readonly Instance[]): Promise<void> {
    return new AssociationRun(this.cloud, association, instances).run();
  }
}

function accessTo(action: string, name: string, { kernel, account, region }: Caller): Access {
  const [service = "", resource = ""] = name.split(":");
  return {
    action,
    resource: kernel.arn(service, region, account, resource),
    resourceAccount: account,
  };
}
