// A member account that bootstraps its instances, without any hosts of its own: whoever launches
// instances there sets the tags.
import * as aws from "@pulumi/aws";
import { BootstrapProduct } from "../../components/bootstrap-product";
import { loadRunbook } from "../../runbooks/runbook";

const account = { id: "222222222222", partition: "aws" } as const;
const packages = { accountId: "111111111111", prefix: "cf" };

export function example(provider: aws.Provider): BootstrapProduct {
  const runbook = loadRunbook("runbooks/ec2-bootstrap.yaml").source;
  return new BootstrapProduct(
    "bootstrap",
    { account, prefix: "cf", regions: ["eu-central-1"], runbook, packages },
    { provider },
  );
}
