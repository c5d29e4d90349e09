import type { Instances } from "../../kernel/ports.js";
import type { Kernel } from "../../kernel/kernel.js";
import type { Arn } from "../../kernel/arn.js";
import type { Access } from "../../kernel/access.js";
import { AwsError } from "../../kernel/errors.js";
import type { Caller } from "../../kernel/operation.js";
import { operation } from "../../kernel/operation.js";
import type { PageInput } from "../../kernel/pages.js";
import { pageOf } from "../../kernel/pages.js";
import { Regional } from "../../kernel/regional.js";
import type { Service } from "../../kernel/resource.js";
import { resourceType } from "../../kernel/resource.js";
import type { Instance } from "../../kernel/instance.js";

interface Query {
  readonly type: string;
  /** JSON. */
  readonly query: string;
}

interface Group {
  readonly name: string;
  readonly arn: Arn;
  description: string;
  query: Query;
}

interface GroupInputs {
  readonly name: string;
  readonly description?: string;
  readonly resourceQuery?: { readonly query: string; readonly type?: string };
}

/** What a tag query asks for. Source: Resource Groups API reference, ResourceQuery. */
interface TagQuery {
  readonly ResourceTypeFilters: readonly string[];
  /** Every one must fit; without values any value does. */
  readonly TagFilters: readonly { readonly Key: string; readonly Values?: readonly string[] }[];
}

interface GroupInput extends PageInput {
  readonly Group?: string;
  /** Deprecated; so the older clients name it. */
  readonly GroupName?: string;
}

const INSTANCE = "AWS::EC2::Instance";

/** What Resource Groups uses of the rest of the cloud. */
interface GroupsCloud extends Kernel {
  readonly ec2: Instances;
}

/** Resource Groups: groups by tags. Their members are instances; other resources of the local cloud are not looked at. */
export class ResourceGroupsService implements Service {
  private readonly groups = new Regional<Group>();

  constructor(private readonly cloud: GroupsCloud) {}

  /** A group's instances in the order of their launch; undefined: there is no such group. */
  instances(account: string, region: string, name: string): readonly Instance[] | undefined {
    const group = this.groups.in(account, region).get(name);
    return group && this.membersOf(group, account, region);
  }

  /** The groups of all accounts and Regions, each name once. */
  names(): string[] {
    return [...new Set([...this.groups.all()].map(({ name }) => name))].sort();
  }

  /** A group that somebody made before, of the instances that have a tag. */
  addGroup(account: string, region: string, name: string, tag: string): void {
    const TagFilters = [{ Key: tag, Values: [] }];
    const query = JSON.stringify({ ResourceTypeFilters: [INSTANCE], TagFilters });
    const arn = this.arnOf(name, { account, region });
    const group = { name, arn, description: "", query: { type: "TAG_FILTERS_1_0", query } };
    this.groups.in(account, region).set(name, group);
  }

  readonly operations = {
    ListGroupResources: operation<GroupInput, object>({
      access: (input, caller) => {
        const account = { resource: "*", resourceAccount: caller.account };
        // Who lists a group by tags asks the tags. Source: service authorization reference, dependent actions.
        return [
          this.groupAccess("resource-groups:ListGroupResources", input, caller),
          { action: "tag:GetResources", ...account },
        ];
      },
      run: (input, { account, region }) => {
        const members = this.membersOf(this.group(input, account, region), account, region);
        const { items, rest } = pageOf(members, input, { maximum: 50, default: 50 });
        const named = items.map(({ arn }) => ({ ResourceArn: arn, ResourceType: INSTANCE }));
        return {
          Resources: named.map((Identifier) => ({ Identifier })),
          ResourceIdentifiers: named,
          QueryErrors: [],
          ...rest,
        };
      },
    }),
    GetGroupQuery: operation<GroupInput, object>({
      access: (input, caller) => [this.groupAccess("resource-groups:GetGroupQuery", input, caller)],
      run: (input, { account, region }) => {
        const { name, query } = this.group(input, account, region);
        const ResourceQuery = { Type: query.type, Query: query.query };
        return { GroupQuery: { GroupName: name, ResourceQuery } };
      },
    }),
    GetGroup: operation<GroupInput, object>({
      access: (input, caller) => [this.groupAccess("resource-groups:GetGroup", input, caller)],
      run: (input, { account, region }) => ({
        Group: describeGroup(this.group(input, account, region)),
      }),
    }),
    ListGroups: operation<PageInput, object>({
      access: (_input, { account }) => [
        { action: "resource-groups:ListGroups", resource: "*", resourceAccount: account },
      ],
      run: (input, { account, region }) => {
        const all = [...this.groups.in(account, region).values()];
        const { items, rest } = pageOf(all, input, { maximum: 50, default: 50 });
        return {
          GroupIdentifiers: items.map(({ name, arn }) => ({ GroupName: name, GroupArn: arn })),
          Groups: items.map(describeGroup),
          ...rest,
        };
      },
    }),
  };

  readonly resourceTypes = [
    resourceType<GroupInputs>({
      type: "aws:resourcegroups/group:Group",
      models: ["name", "description", "resourceQuery", "tags"],
      replaceOnChanges: ["name"],
      autoname: "name",
      create: (inputs, at) => {
        const { name } = inputs;
        checkName(name);
        const place = this.groups.in(at.account, at.region);
        if (place.has(name))
          throw new AwsError("BadRequestException", `A group with the name ${name} already exists`);
        const arn = this.arnOf(name, at);
        const description = inputs.description ?? "";
        place.set(name, { name, arn, description, query: this.readQuery(inputs) });
        return { id: name, outputs: { arn } };
      },
      update: (id, inputs, at) => {
        const group = this.group({ Group: id }, at.account, at.region);
        group.description = inputs.description ?? "";
        group.query = this.readQuery(inputs);
        return { arn: group.arn };
      },
      delete: (id, at) => void this.groups.in(at.account, at.region).delete(id),
    }),
  ];

  private arnOf(name: string, { account, region }: Pick<Caller, "account" | "region">): Arn {
    return this.cloud.arn("resource-groups", region, account, `group/${name}`);
  }

  /** By its name or its ARN. @throws AwsError NotFoundException */
  private group(input: GroupInput, account: string, region: string): Group {
    const name = nameOf(input);
    const found = this.groups.in(account, region).get(name);
    if (found !== undefined) return found;
    throw new AwsError("NotFoundException", `Cannot find group: ${name}`);
  }

  private groupAccess(action: string, input: GroupInput, caller: Caller): Access {
    const resource = this.arnOf(nameOf(input), caller);
    return { action, resource, resourceAccount: caller.account };
  }

  /** @throws AwsError BadRequestException */
  private readQuery({ resourceQuery }: GroupInputs): Query {
    if (resourceQuery === undefined) {
      this.cloud.reportNotRehearsed("resource group without a query");
      return { type: "TAG_FILTERS_1_0", query: EMPTY };
    }
    const { query, type = "TAG_FILTERS_1_0" } = resourceQuery;
    if (type !== "TAG_FILTERS_1_0") {
      this.cloud.reportNotRehearsed(`resource group by a query of type ${type}`);
      return { type, query };
    }
    const types = readTagQuery(query).ResourceTypeFilters;
    for (const resourceType of types)
      if (
        resourceType !== INSTANCE &&
        resourceType !== ALL &&
        resourceType !== "AWS::SSM::ManagedInstance"
      )
        this.cloud.reportNotRehearsed(`resource group with ${resourceType}`);
    return { type, query };
  }

  private membersOf({ query }: Group, account: string, region: string): readonly Instance[] {
    if (query.type !== "TAG_FILTERS_1_0") return [];
    const { ResourceTypeFilters: types, TagFilters } = readTagQuery(query.query);
    if (!types.includes(INSTANCE) && !types.includes(ALL)) return [];
    const instances = [...this.cloud.ec2.instances.in(account, region).values()];
    return instances.filter(
      ({ state, tags }) =>
        state !== "terminated" &&
        TagFilters.every(({ Key, Values = [] }) => {
          const value = tags.get(Key);
          return value !== undefined && (Values.length === 0 || Values.includes(value));
        }),
    );
  }
}

const ALL = "AWS::AllSupported";
const EMPTY = JSON.stringify({ ResourceTypeFilters: [], TagFilters: [] });

const nameOf = ({ Group: group, GroupName }: GroupInput): string =>
  (group ?? GroupName ?? "").replace(/^arn:.*:group\//, "");

const describeGroup = ({ name, arn, description }: Group) => ({
  Name: name,
  GroupArn: arn,
  Description: description,
});

/** Source: Resource Groups API reference, CreateGroup. @throws AwsError BadRequestException */
function checkName(name: string): void {
  if (/^(?!aws)[a-zA-Z0-9_.-]{1,300}$/i.test(name)) return;
  throw new AwsError(
    "BadRequestException",
    `Group name "${name}": 1-300 of letters, digits, _ . -, not beginning with aws`,
  );
}

/** @throws AwsError BadRequestException */
function readTagQuery(query: string): TagQuery {
  const refuse = (why: string) => new AwsError("BadRequestException", `Query not valid: ${why}`);
  let data: Partial<TagQuery>;
  try {
    data = JSON.parse(query) as Partial<TagQuery>;
  } catch {
    throw refuse(`expected JSON, got ${query}`);
  }
  const { ResourceTypeFilters, TagFilters } = data;
  if (!Array.isArray(ResourceTypeFilters)) throw refuse("expected a list of ResourceTypeFilters");
  if (!Array.isArray(TagFilters)) throw refuse("expected a list of TagFilters");
  for (const filter of TagFilters as { Key?: unknown; Values?: unknown }[]) {
    if (typeof filter.Key !== "string" || !Array.isArray(filter.Values ?? []))
      throw refuse("expected TagFilters with a Key and Values");
  }
  return data as TagQuery;
}
