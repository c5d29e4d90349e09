import type { AgentsCloud } from "./agents/agents.js";
import type { AutomationCloud } from "./automation/automations.js";
import type { CommandsCloud } from "./run-command/commands.js";
import type { ParametersCloud } from "./parameters/parameters.js";
import type { WindowsCloud } from "./state-manager/maintenance-windows.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import { SsmAgents } from "./agents/agents.js";
import { SsmAssociations } from "./state-manager/associations.js";
import { SsmAutomations } from "./automation/automations.js";
import { SsmCommands } from "./run-command/commands.js";
import { SsmDocuments } from "./documents/documents.js";
import { SsmCompliance } from "./reporting/compliance.js";
import { SsmInventory } from "./reporting/inventory.js";
import { SsmMaintenanceWindows } from "./state-manager/maintenance-windows.js";
import { SsmParameters } from "./parameters/parameters.js";

/** What Systems Manager has of the cloud around it, its own parts among them. */
type SsmCloud = AgentsCloud & AutomationCloud & CommandsCloud & ParametersCloud & WindowsCloud;

/** Systems Manager: documents, parameters, agents, Run Command, Automation, windows and associations. */
export class SsmService implements Service {
  readonly documents: SsmDocuments;
  readonly agents: SsmAgents;
  readonly commands: SsmCommands;
  readonly automations: SsmAutomations;
  readonly parameters: SsmParameters;
  readonly windows: SsmMaintenanceWindows;
  readonly associations: SsmAssociations;
  readonly inventory: SsmInventory;
  readonly compliance: SsmCompliance;
  readonly resourceTypes: readonly ResourceType[];
  readonly invokes: SsmDocuments["invokes"] & SsmParameters["invokes"];

  constructor(cloud: SsmCloud) {
    this.documents = new SsmDocuments(cloud);
    this.agents = new SsmAgents(cloud);
    this.commands = new SsmCommands(cloud);
    this.automations = new SsmAutomations(cloud);
    this.parameters = new SsmParameters(cloud);
    this.windows = new SsmMaintenanceWindows(cloud);
    this.associations = new SsmAssociations(cloud);
    this.inventory = new SsmInventory(cloud);
    this.compliance = new SsmCompliance(cloud);
    this.resourceTypes = [this.documents, this.parameters, this.windows, this.associations].flatMap(
      ({ resourceTypes }): readonly ResourceType[] => resourceTypes,
    );
    this.invokes = { ...this.documents.invokes, ...this.parameters.invokes };
  }

  get operations() {
    return {
      ...this.documents.operations,
      ...this.agents.operations,
      ...this.commands.operations,
      ...this.automations.operations,
      ...this.parameters.operations,
      ...this.associations.operations,
      ...this.inventory.operations,
      ...this.compliance.operations,
    };
  }

  /** The agent's own channel, service `ssmmessages`. */
  get channelOperations() {
    return this.agents.channelOperations;
  }
}
