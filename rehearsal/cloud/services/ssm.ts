import { type Cloud } from "../cloud.js";
import { AwsError } from "../errors.js";
import { type Deployment, type Properties, type ResourceType, type Service } from "../resource.js";
import { imageOfParameter } from "./ec2/images.js";
import { SsmAgents } from "./ssm/agents.js";
import { SsmAutomations } from "./ssm/automations.js";
import { SsmCommands } from "./ssm/commands.js";
import { SsmDocuments } from "./ssm/documents.js";

/** Systems Manager: documents, agents, Run Command and Automation. */
export class SsmService implements Service {
  readonly documents: SsmDocuments;
  readonly agents: SsmAgents;
  readonly commands: SsmCommands;
  readonly automations: SsmAutomations;
  readonly resourceTypes: readonly ResourceType[];

  constructor(cloud: Cloud) {
    this.documents = new SsmDocuments(cloud);
    this.agents = new SsmAgents(cloud);
    this.commands = new SsmCommands(cloud);
    this.automations = new SsmAutomations(cloud);
    this.resourceTypes = this.documents.resourceTypes;
  }

  get operations() {
    return {
      ...this.documents.operations,
      ...this.agents.operations,
      ...this.commands.operations,
      ...this.automations.operations,
    };
  }

  /** The agent's own channel, service `ssmmessages`. */
  get channelOperations() {
    return this.agents.channelOperations;
  }

  readonly invokes = {
    "aws:ssm/getParameter:getParameter": (args: { name: string }, at: Deployment): Properties => {
      const value = imageOfParameter(args.name, at.region);
      if (value === undefined) {
        throw new AwsError(
          "ParameterNotFound",
          `couldn't find resource: parameter ${args.name} (public image parameters are modelled)`,
        );
      }
      return {
        id: args.name,
        name: args.name,
        value,
        insecureValue: value,
        type: "String",
        version: 1,
        arn: at.cloud.arn("ssm", at.region, "", `parameter${args.name}`),
      };
    },
  };
}
