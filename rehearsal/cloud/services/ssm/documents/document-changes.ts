import type { Kernel } from "../../../../kernel/kernel.js";
import { NotRehearsed } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { DocumentFormat } from "./document.js";
import { versionOf } from "./document.js";
import { describe } from "./document-description.js";
import { createDocument, deleteDocument } from "./document-resource.js";
import type { DocumentStore } from "./document-store.js";

interface CreateInput {
  readonly Name: string;
  readonly Content: string;
  /** @default Command */
  readonly DocumentType?: string;
  /** @default JSON */
  readonly DocumentFormat?: DocumentFormat;
  readonly VersionName?: string;
  readonly TargetType?: string;
  readonly Tags?: readonly object[];
}

interface DeleteInput {
  readonly Name: string;
}

const MODELLED = new Set(
  "Name Content DocumentType DocumentFormat VersionName TargetType Tags".split(" "),
);

/** The operations of people and programs without a stack on documents: they create and delete them. */
export function documentChanges(kernel: Kernel, store: DocumentStore) {
  const access =
    (action: string) =>
    (input: DeleteInput, { account, region }: Caller) => [
      {
        action,
        resource: kernel.arn("ssm", region, account, `document/${input.Name}`),
        resourceAccount: account,
      },
    ];
  return {
    CreateDocument: operation<CreateInput, object>({
      access: (input, caller) => [
        ...access("ssm:CreateDocument")(input, caller),
        ...(input.Tags === undefined ? [] : access("ssm:AddTagsToResource")(input, caller)),
      ],
      run: async (input, { principal, account, region }) => {
        if (principal.kind !== "session") throw new NotRehearsed("ssm:CreateDocument by a service");
        for (const name of Object.keys(input))
          if (!MODELLED.has(name)) throw new NotRehearsed(`ssm:CreateDocument with ${name}`);
        const { Name: name, Content: content, DocumentType: documentType = "Command" } = input;
        const inputs = {
          ...{ name, content, documentType },
          ...(input.DocumentFormat !== undefined && { documentFormat: input.DocumentFormat }),
          ...(input.VersionName !== undefined && { versionName: input.VersionName }),
          ...(input.TargetType !== undefined && { targetType: input.TargetType }),
        };
        const at = { kernel, principal, account, region, name, folder: "." };
        const document = await createDocument(kernel, store, inputs, at);
        return { DocumentDescription: describe(document, versionOf(document), account) };
      },
    }),
    DeleteDocument: operation<DeleteInput, object>({
      access: access("ssm:DeleteDocument"),
      run: ({ Name }, { account, region }) => {
        deleteDocument(store, store.owned(account, region, Name));
        return {};
      },
    }),
  };
}
