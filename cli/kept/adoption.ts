// Which resources that a stack would make are still in the account, by what the stack's state said of them before.
import * as z from "zod";

/** An entry of the file that `pulumi preview --import-file` writes: all that the preview would create. */
const wantedResource = z.looseObject({
  type: z.string(),
  name: z.string(),
  /** Where two resources have the same name, `name` is not the program's. */
  logicalName: z.string().optional(),
  component: z.boolean().optional(),
});

export const importFile = z.looseObject({ resources: z.array(wantedResource).default([]) });
export type ImportFile = z.output<typeof importFile>;

/** What `pulumi stack export` prints, as far as it matters here. */
export const stateFile = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().optional(),
          retainOnDelete: z.boolean().optional(),
          inputs: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .default([]),
  }),
});
export type StateFile = z.output<typeof stateFile>;

/** An object is uploaded again, as a new version; its bytes are in the project. */
const madeAgain = "aws:s3/bucketObjectv2:BucketObjectv2";

export interface Adoption {
  readonly file: ImportFile;
  /** `type name: id` */
  readonly adopted: readonly string[];
}

/** The wanted resources that were kept, with their ids, and the components that they belong to. */
export function adoptionOf(wanted: ImportFile, { deployment }: StateFile, home: string): Adoption {
  const kept = new Map(
    deployment.resources.flatMap(({ urn, type, id, retainOnDelete, inputs }) => {
      if (retainOnDelete !== true || id === undefined || type === madeAgain) return [];
      return [[`${type} ${urn.split("::").at(-1) ?? ""}`, inRegion(id, inputs?.["region"], home)]];
    }),
  );
  const found = wanted.resources.flatMap((resource) => {
    const id = kept.get(`${resource.type} ${resource.logicalName ?? resource.name}`);
    return id === undefined ? [] : [{ ...resource, id }];
  });
  const components = wanted.resources.filter(({ component }) => component === true);
  return {
    file: { ...wanted, resources: [...components, ...found] },
    adopted: found.map(({ type, name, id }) => `${type} ${name}: ${id}`),
  };
}

/** The provider imports from its own Region unless the id ends in another. */
const inRegion = (id: string, region: unknown, home: string): string =>
  typeof region === "string" && region !== home ? `${id}@${region}` : id;
