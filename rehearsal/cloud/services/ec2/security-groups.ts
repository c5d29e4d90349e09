import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { Regional } from "../../../kernel/regional.js";
import type { Deployment, Properties } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import { contains } from "./vpc.js";

/** A rule as it stands in a security group. */
interface Rule {
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrBlocks?: readonly string[];
}

interface Group {
  readonly id: string;
  ingress: readonly Rule[];
  egress: readonly Rule[];
  /** Rules that are resources of their own, by id. */
  readonly own: Map<string, { readonly direction: Direction; readonly rule: Rule }>;
}

const HTTPS = 443;

type Direction = "ingress" | "egress";

interface GroupInputs {
  readonly vpcId: string;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

interface RuleInputs {
  readonly securityGroupId: string;
  readonly ipProtocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrIpv4?: string;
}

/** Security groups. Of their rules only those for IPv4 ranges and TCP are looked at. */
export class SecurityGroups {
  private readonly groups = new Regional<Group>();

  constructor(
    private readonly kernel: Kernel,
    private readonly checkVpc: (account: string, region: string, id: string) => void,
  ) {}

  /** @throws AwsError InvalidGroup.NotFound */
  check(account: string, region: string, id: string): void {
    this.group(account, region, id);
  }

  /** Whether one of the groups lets TCP through between its members and an address. */
  letThrough(
    place: { readonly account: string; readonly region: string },
    ids: readonly string[],
    direction: Direction,
    address: string,
    port = HTTPS,
  ): boolean {
    return ids.some((id) => {
      const group = this.group(place.account, place.region, id);
      const own = [...group.own.values()].filter((rule) => rule.direction === direction);
      const rules = [...group[direction], ...own.map(({ rule }) => rule)];
      return rules.some((rule) => isFor(rule, port) && reaches(rule, address));
    });
  }

  private group(account: string, region: string, id: string): Group {
    const found = this.groups.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  }

  readonly resourceTypes = [
    resourceType<GroupInputs>({
      type: "aws:ec2/securityGroup:SecurityGroup",
      models: [
        "name",
        "namePrefix",
        "description",
        "vpcId",
        "ingress",
        "egress",
        "revokeRulesOnDelete",
        "tags",
      ],
      replaceOnChanges: ["name", "description", "vpcId"],
      autoname: "name",
      create: ({ vpcId, ingress = [], egress = [] }, at) => {
        this.checkVpc(at.account, at.region, vpcId);
        const id = this.kernel.ids.ec2("sg", `${at.account} ${at.region} ${at.name}`);
        this.groups.in(at.account, at.region).set(id, { id, ingress, egress, own: new Map() });
        return { id, outputs: this.outputs("security-group", id, at, { ownerId: at.account }) };
      },
      update: (id, { ingress = [], egress = [] }, at) => {
        Object.assign(this.group(at.account, at.region, id), { ingress, egress });
        return this.outputs("security-group", id, at, { ownerId: at.account });
      },
      delete: (id, at) => void this.groups.in(at.account, at.region).delete(id),
    }),
    ...(["ingress", "egress"] as const).map((direction) => {
      const token = `SecurityGroup${direction === "ingress" ? "Ingress" : "Egress"}Rule`;
      const rulesOf = (inputs: RuleInputs, at: Deployment) =>
        this.group(at.account, at.region, inputs.securityGroupId).own;
      const outputs = (id: string, at: Deployment) =>
        this.outputs("security-group-rule", id, at, { securityGroupRuleId: id });
      return resourceType<RuleInputs>({
        type: `aws:vpc/${token[0]?.toLowerCase() ?? ""}${token.slice(1)}:${token}`,
        models: [
          "securityGroupId",
          "ipProtocol",
          "fromPort",
          "toPort",
          "cidrIpv4",
          "cidrIpv6",
          "prefixListId",
          "referencedSecurityGroupId",
          "description",
          "tags",
        ],
        replaceOnChanges: ["securityGroupId"],
        create: (inputs, at) => {
          const id = this.kernel.ids.ec2("sgr", inputs.securityGroupId);
          rulesOf(inputs, at).set(id, { direction, rule: ruleOf(inputs) });
          return { id, outputs: outputs(id, at) };
        },
        update: (id, inputs, at) => {
          rulesOf(inputs, at).set(id, { direction, rule: ruleOf(inputs) });
          return outputs(id, at);
        },
        delete: (id, at) => {
          for (const { own } of this.groups.in(at.account, at.region).values()) own.delete(id);
        },
      });
    }),
  ];

  private outputs(kind: string, id: string, at: Deployment, more: Properties): Properties {
    return { arn: this.kernel.arn("ec2", at.region, at.account, `${kind}/${id}`), ...more };
  }
}

const ruleOf = ({ ipProtocol, fromPort, toPort, cidrIpv4 }: RuleInputs): Rule => ({
  protocol: ipProtocol,
  cidrBlocks: cidrIpv4 === undefined ? [] : [cidrIpv4],
  ...(fromPort !== undefined && { fromPort }),
  ...(toPort !== undefined && { toPort }),
});

function isFor({ protocol, fromPort = 0, toPort = 65_535 }: Rule, port: number): boolean {
  return protocol === "-1" || (protocol === "tcp" && fromPort <= port && toPort >= port);
}

function reaches({ cidrBlocks = [] }: Rule, address: string): boolean {
  return cidrBlocks.some((range) => contains(range, address));
}
