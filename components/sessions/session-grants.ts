// What people need to open sessions on the hosts of the product. The account may be `*`, for a
// policy that Identity Center puts into many accounts.
import type { Account } from "../account.js";
import { documentArn, instancesArn, sessionsArn } from "../arns.js";
import { enabledTag } from "../bootstrap/bootstrap-tags.js";
import type { Grant, Trust } from "../policy.js";

/** The document of Session Manager's preferences; its name is AWS's. */
const shellDocument = "SSM-SessionManagerRunShell";

/** Sessions on hosts that the bootstrap looks after, and on no others. */
export const mayOpenSessions = (account: Account): Grant => ({
  Sid: "OpenSessions",
  Effect: "Allow",
  Action: "ssm:StartSession",
  Resource: instancesArn(account),
  Condition: {
    StringEqualsIgnoreCase: { [`ssm:resourceTag/${enabledTag}`]: "true" },
    // A caller that names no document gets the shell document; this condition has it checked all the same.
    BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
  },
});

/** Shells only: sessions by SSH or through forwarded ports leave no log. */
export const mayUseShellDocument = (account: Account): Grant => ({
  Sid: "UseShellDocument",
  Effect: "Allow",
  Action: "ssm:StartSession",
  Resource: documentArn(account, "*", shellDocument),
});

/** The channel between the person's machine and the session. */
export const mayTalkToOwnSessions = (account: Account): Grant => ({
  Sid: "TalkToOwnSessions",
  Effect: "Allow",
  Action: "ssmmessages:OpenDataChannel",
  Resource: sessionsArn(account, "${aws:userid}-*"),
});

/** AWS tags a session with its owner; the name alone does not distinguish sessions of roles. */
export const mayEndOwnSessions = (account: Account): Grant => ({
  Sid: "EndOwnSessions",
  Effect: "Allow",
  Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
  Resource: sessionsArn(account, "*"),
  Condition: {
    StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" },
  },
});

/** Console and CLI show hosts, whether they are reached, and sessions. */
export const mayFindHosts = (): Grant => ({
  Sid: "FindHosts",
  Effect: "Allow",
  Action: [
    "ec2:DescribeInstances",
    "ssm:DescribeInstanceInformation",
    "ssm:DescribeSessions",
    "ssm:GetConnectionStatus",
  ],
  // List actions have no resource-level permissions.
  Resource: "*",
});

/** All statements of this file. */
export const maySession = (account: Account): Grant[] => [
  mayOpenSessions(account),
  mayUseShellDocument(account),
  mayTalkToOwnSessions(account),
  mayEndOwnSessions(account),
  mayFindHosts(),
];

/** Whoever the config names, with a second factor where it asks for one. */
export const sessionUsers = (principals: readonly string[], mfa: boolean): Trust => ({
  Sid: "SessionUsers",
  Effect: "Allow",
  Principal: { AWS: [...principals] },
  Action: "sts:AssumeRole",
  ...(mfa && { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
});
