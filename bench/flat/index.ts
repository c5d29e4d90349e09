// The baseline of the preview: the same resources as a stack of the program, declared one after the other from a file,
// without components, config or checks.
import { readFileSync } from "node:fs";
import * as archive from "@pulumi/archive";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

type Class = new (
  name: string,
  inputs: unknown,
  options: pulumi.CustomResourceOptions,
) => pulumi.Resource;

const { region, account, resources } = JSON.parse(readFileSync("resources.json", "utf8")) as {
  region: pulumi.Input<aws.Region>;
  account: string;
  resources: Declared[];
};

const provider = new aws.Provider("account", { region, allowedAccountIds: [account] });
new archive.Provider("archives");

for (const { type, name, inputs } of resources) {
  const [, module = "", className = ""] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  const modules = aws as unknown as Record<string, Record<string, Class>>;
  const Resource = modules[module]?.[className];
  if (Resource === undefined) throw new Error(`the flat program knows no ${type}`);
  const source = inputs["source"] as { path: string } | undefined;
  new Resource(
    name,
    { ...inputs, ...(source !== undefined && { source: new pulumi.asset.FileAsset(source.path) }) },
    { provider },
  );
}
