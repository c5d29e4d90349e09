import type { Properties } from "../../kernel/resource.js";
import type { TestPackage } from "../host/support.js";
import type { TestCloud } from "./test-cloud.js";
import { BUCKET, LOG, MEMBER } from "./test-cloud.js";

/** Puts a package's files into the log account's bucket; gives the inputs of the document that is the package. */
export async function packageInputs(
  testCloud: TestCloud,
  name: string,
  versionName: string,
  { manifest, attachments }: TestPackage,
): Promise<Properties> {
  const prefix = `packages/${name}/${versionName}`;
  for (const [file, Body] of Object.entries(attachments)) {
    const input = { Bucket: BUCKET, Key: `${prefix}/${file}`, Body };
    await testCloud.call("s3", "PutObject", input, testCloud.operator(LOG));
  }
  return {
    name,
    documentType: "Package",
    content: JSON.stringify(manifest),
    versionName,
    attachmentsSources: [{ key: "SourceUrl", values: [`s3://${BUCKET}/${prefix}`] }],
    permissions: { type: "Share", account_ids: MEMBER },
  };
}
