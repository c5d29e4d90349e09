/** A policy document of these statements. */
export const policy = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });

/** A statement that allows actions on everything, unless it says more. */
export const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...more,
});

/** A statement of a role's trust policy: who may assume it. */
export const trust = (Principal: object, more: object = {}) => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...more,
});

/** A resource policy that lets a service do something. */
export const letsService = (Service: string, Action: string, Condition?: object) =>
  policy(allow(Action, { Principal: { Service }, ...(Condition && { Condition }) }));
