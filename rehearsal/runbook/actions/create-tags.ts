import { NotRehearsed } from "../../kernel/errors.js";
import { callApi } from "../api-call.js";
import { StepFailure } from "../step-failure.js";
import type { StepRunner } from "../step-runner.js";

/** Tags EC2 resources, or one resource of Systems Manager. */
export const createTags: StepRunner<"aws:createTags"> = async (inputs, { port }) => {
  const { ResourceIds, ResourceType = "EC2", Tags } = inputs;
  const ids = [ResourceIds].flat();
  if (ResourceType === "EC2") {
    const input = { Resources: ids, Tags };
    await callApi(port, { service: "ec2", operation: "CreateTags", input });
    return {};
  }
  if (!["ManagedInstance", "MaintenanceWindow", "Parameter"].includes(ResourceType)) {
    throw new NotRehearsed(`aws:createTags of ${ResourceType}`, "AWS documents no such type");
  }
  const [id] = ids;
  if (ids.length !== 1 || id === undefined) {
    throw StepFailure.failed(`${ResourceType} takes just one of ResourceIds, got ${ids.length}`);
  }
  const input = { ResourceType, ResourceId: id, Tags };
  await callApi(port, { service: "ssm", operation: "AddTagsToResource", input });
  return {};
};
