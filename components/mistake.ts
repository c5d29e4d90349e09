import * as pulumi from "@pulumi/pulumi";

/**
 * A mistake of whoever writes the config or the program: the runtime prints a RunError bare. It carries no stack,
 * because for one with frames of the SDK the runtime's formatting takes half a minute on Node 20
 * (https://github.com/pulumi/pulumi/issues/21326).
 */
export class Mistake extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}
