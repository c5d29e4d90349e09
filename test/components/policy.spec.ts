import { expect } from "chai";
import type { Grant, Trust } from "../../components/policy.js";
import { permissions } from "../../components/policy.js";

describe("Policy statements", () => {
  it("compile only when they are complete", () => {
    // @ts-expect-error -- a grant says on what
    const everywhere: Grant = { Sid: "A", Effect: "Allow", Action: "s3:GetObject" };
    // @ts-expect-error -- a statement says why it is there
    const nameless: Grant = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    // @ts-expect-error -- a trust says whom
    const anyone: Trust = { Sid: "A", Effect: "Allow", Action: "sts:AssumeRole" };
    // @ts-expect-error -- the effects are Allow and Deny
    const misspelt: Grant = { Sid: "A", Effect: "allow", Action: "s3:GetObject", Resource: "*" };
    expect([everywhere, nameless, anyone, misspelt]).to.have.length(4);
  });

  it("make a document of the current policy language", () => {
    const grant: Grant = { Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    expect(permissions(grant)).to.deep.equal({ Version: "2012-10-17", Statement: [grant] });
  });
});
