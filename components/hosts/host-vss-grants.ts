// What a Windows host needs to take snapshots of its own volumes by VSS: AWSEC2VssSnapshotPolicy v2
// without images, in one account, with the instance as its own witness.
import type { Account } from "../account.js";
import { callingInstanceArn, instancesArn, snapshotsArn, volumesArn } from "../arns.js";
import type { Grant } from "../policy.js";

/** Limited to itself: the calling instance is the one that it describes. */
const itself = (account: Account) => ({
  ArnLike: {
    "ec2:SourceInstanceARN": callingInstanceArn(account),
  },
});

/** The components look up which volumes the host has. */
export const mayReadItsVolumes = (account: Account): Grant => ({
  Sid: "ReadItsVolumes",
  Effect: "Allow",
  Action: "ec2:DescribeInstanceAttribute",
  Resource: instancesArn(account),
  Condition: itself(account),
});

/** A snapshot of itself: EC2 asks for the instance, its volumes and the new snapshots each. */
export const maySnapshotItself = (account: Account): Grant => ({
  Sid: "SnapshotItself",
  Effect: "Allow",
  Action: "ec2:CreateSnapshots",
  Resource: instancesArn(account),
  Condition: itself(account),
});

/** Whichever volumes are attached to it; without the instance this allows nothing. */
export const maySnapshotVolumes = (account: Account): Grant => ({
  Sid: "SnapshotVolumes",
  Effect: "Allow",
  Action: "ec2:CreateSnapshots",
  Resource: volumesArn(account),
});

/** The new snapshots, which must say by a tag that VSS made them. */
export const mayMakeVssSnapshots = (account: Account): Grant => ({
  Sid: "MakeVssSnapshots",
  Effect: "Allow",
  Action: "ec2:CreateSnapshots",
  Resource: snapshotsArn(account),
  Condition: { StringLike: { "aws:RequestTag/AwsVssConfig": "*" } },
});

/** Tags on snapshots while they are made. */
export const mayTagNewSnapshots = (account: Account): Grant => ({
  Sid: "TagNewSnapshots",
  Effect: "Allow",
  Action: "ec2:CreateTags",
  Resource: snapshotsArn(account),
  Condition: { StringEquals: { "ec2:CreateAction": "CreateSnapshots" } },
});

/** Afterwards the two tags that say which device it was and whether all writers took part. */
export const mayTagVssSnapshots = (account: Account): Grant => ({
  Sid: "TagVssSnapshots",
  Effect: "Allow",
  Action: "ec2:CreateTags",
  Resource: snapshotsArn(account),
  Condition: {
    StringLike: { "ec2:ResourceTag/AwsVssConfig": "*" },
    "ForAllValues:StringEquals": { "aws:TagKeys": ["AppConsistent", "Device"] },
  },
});

/** The components wait until the snapshots are there. */
export const mayReadSnapshots = (): Grant => ({
  Sid: "ReadSnapshots",
  Effect: "Allow",
  Action: "ec2:DescribeSnapshots",
  // EC2 has no resource-level permissions for this action.
  Resource: "*",
});

/** All statements of this file. */
export const maySnapshotByVss = (account: Account): Grant[] => [
  mayReadItsVolumes(account),
  maySnapshotItself(account),
  maySnapshotVolumes(account),
  mayMakeVssSnapshots(account),
  mayTagNewSnapshots(account),
  mayTagVssSnapshots(account),
  mayReadSnapshots(),
];
