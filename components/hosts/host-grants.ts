// What a managed host may do, one function per intent. Instead of AmazonSSMManagedInstanceCore,
// which lets every host read every parameter and every document of its account.
import type { Account } from "../account.js";
import { associationsArn, instancesArn } from "../arns.js";
import type { Grant, Trust } from "../policy.js";

/** EC2 hands the role to instances. Its principal is the same in all partitions (aws-cdk, region-info). */
export const instances = (): Trust => ({
  Sid: "Instances",
  Effect: "Allow",
  Principal: { Service: "ec2.amazonaws.com" },
  Action: "sts:AssumeRole",
});

/** The agent registers its host and says every few minutes that it is alive. */
export const mayReportItself = (account: Account): Grant => ({
  Sid: "ReportItself",
  Effect: "Allow",
  Action: "ssm:UpdateInstanceInformation",
  Resource: instancesArn(account),
});

/** The agent's channel to Systems Manager, over which commands and sessions reach it. */
export const mayListenForCommands = (): Grant => ({
  Sid: "ListenForCommands",
  Effect: "Allow",
  Action: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    // Agents before 3.3.40, and the answers of commands that began on the older channel.
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
  ],
  // Neither service has resource-level permissions; each call acts on the host that signs it.
  Resource: "*",
});

/** The agent fetches the associations of its host every few minutes, and reports their results. */
export const mayFollowAssociations = (account: Account): Grant => ({
  Sid: "FollowAssociations",
  Effect: "Allow",
  Action: ["ssm:ListInstanceAssociations", "ssm:UpdateInstanceAssociationStatus"],
  Resource: [instancesArn(account), associationsArn(account)],
});

/** The agent fetches our packages: the log account's package documents and no others. */
export const mayFetchPackages = (packageDocuments: string): Grant => ({
  Sid: "FetchPackages",
  Effect: "Allow",
  Action: ["ssm:DescribeDocument", "ssm:GetDocument"],
  Resource: packageDocuments,
});

/** The agent looks up packages that AWS publishes, and reports what it installed. */
export const mayInstallPackages = (): Grant => ({
  Sid: "InstallPackages",
  Effect: "Allow",
  Action: ["ssm:GetManifest", "ssm:PutConfigurePackageResult"],
  // Systems Manager has no resource-level permissions for these actions.
  Resource: "*",
});
