// A member account that bootstraps its instances, without any hosts of its own: whoever launches
// instances there sets the tags.
import type * as aws from "@pulumi/aws";
import { BootstrapProduct } from "../../../components/bootstrap/bootstrap-product.js";
import { bootstrapDocuments } from "../../../runbooks/loader/bootstrap-documents.js";

const account = { id: "222222222222", partition: "aws" } as const;
const packages = { accountId: "111111111111", prefix: "cf" };

export function example(provider: aws.Provider): BootstrapProduct {
  const documents = bootstrapDocuments();
  const journal = "/cf/ec2/linux/journal";
  const logs = { logs_collected: { journald: { collect_list: [{ log_group_name: journal }] } } };
  const cloudWatch = { linux: { value: JSON.stringify({ logs }), logGroups: [journal] } };
  return new BootstrapProduct(
    "bootstrap",
    { account, prefix: "cf", regions: ["eu-central-1"], documents, packages, cloudWatch },
    { provider },
  );
}
