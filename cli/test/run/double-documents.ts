import type { Answer, Input, DoubleSetup } from "./double-setup.js";

/** As AWS describes the parameter of the library's document: without its pattern, which is in the content. */
const Parameters = [{ Name: "Protocol", Type: "String", DefaultValue: "tcp" }];
const CONTENT = JSON.stringify({
  schemaVersion: "2.2",
  parameters: { Protocol: { type: "String", default: "tcp", allowedPattern: "^(?:tcp|udp)$" } },
});

/** Documents as a test's AWS has them: the runbook, one of the library, and those that runs make. */
export class DoubleDocuments {
  /** By `<region> <name>`. */
  readonly created = new Map<string, { content: string; shares: Set<string> }>();

  constructor(private readonly setup: DoubleSetup) {}

  answer(operation: string, input: Input, region: string): Answer | undefined {
    const name = String(input["Name"]);
    const document = this.created.get(`${region} ${name}`);
    switch (operation) {
      case "DescribeDocument":
        return document !== undefined || name === "cf-script-ports"
          ? { Document: { Name: name, PlatformTypes: ["Linux"], Parameters } }
          : { code: "InvalidDocument", message: "Document does not exist." };
      case "GetDocument":
        return { Content: document?.content ?? CONTENT };
      case "DescribeDocumentPermission": {
        const given = this.setup.shares?.[name] ?? Object.keys(this.setup.accounts);
        return { AccountIds: document === undefined ? given : [...document.shares] };
      }
      case "CreateDocument":
        this.created.set(`${region} ${name}`, {
          content: String(input["Content"]),
          shares: new Set(),
        });
        return {};
      case "ModifyDocumentPermission":
        for (const id of (input["AccountIdsToAdd"] ?? []) as string[]) document?.shares.add(id);
        for (const id of (input["AccountIdsToRemove"] ?? []) as string[])
          document?.shares.delete(id);
        return {};
      case "ListDocuments":
        return {
          DocumentIdentifiers: [...this.created.keys()]
            .filter((key) => key.startsWith(`${region} `))
            .map((key) => ({ Name: key.split(" ")[1], CreatedDate: 1_700_000_000 })),
        };
      case "DeleteDocument":
        this.created.delete(`${region} ${name}`);
        return {};
      default:
        return undefined;
    }
  }
}
