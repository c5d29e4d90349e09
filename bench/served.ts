import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../rehearsal/server/server.js";
import { MEMBER, REGION, TestCloud } from "../rehearsal/test/support/test-cloud.js";

export interface ServedFigures {
  readonly requests: number;
  /** A second, by SDK clients in the same process: GetParameter, one after the other and 16 at once. */
  readonly parameters: number;
  readonly parametersAtOnce: number;
  /** The same for GetObject of 10 KB, one after the other. */
  readonly objects: number;
  /** The baseline: GetParameter from a server that always writes the same answer, one after the other. */
  readonly constant: number;
  /** Milliseconds of a GetParameter without the wire. */
  readonly directly: number;
}

/** Asks a served cloud the same thing again and again. Its quotas never throttle: virtual time passes fast enough. */
export async function measureServed(requests: number): Promise<ServedFigures> {
  const testCloud = new TestCloud();
  await prepare(testCloud);
  const served = await serve(testCloud.cloud, {
    clockSpeed: { perRequest: 1000 },
    broken: (error) => {
      throw error;
    },
  });
  Object.assign(process.env, served.environment(MEMBER, REGION));
  const ssm = new SSMClient();
  const s3 = new S3Client();
  const parameter = () => ssm.send(new GetParameterCommand({ Name: "/a" }));
  const object = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "bench", Key: "a" }));
    await Body?.transformToByteArray();
  };
  const figures = {
    requests,
    parameters: await perSecond(requests, 1, parameter),
    parametersAtOnce: await perSecond(requests, 16, parameter),
    objects: await perSecond(requests, 1, object),
    constant: await constant(requests),
    directly: 1000 / (await perSecond(requests, 1, () => direct(testCloud))),
  };
  await served.close();
  return figures;
}

async function constant(requests: number): Promise<number> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end('{"Parameter":{"Name":"/a","Value":"b"}}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ssm = new SSMClient({ endpoint: `http://127.0.0.1:${port}` });
  const parameter = () => ssm.send(new GetParameterCommand({ Name: "/a" }));
  const figure = await perSecond(requests, 1, parameter);
  ssm.destroy();
  server.close();
  return figure;
}

async function prepare(testCloud: TestCloud): Promise<void> {
  const create = (type: string, inputs: object) => testCloud.create(type, "bench", { ...inputs });
  await create("aws:ssm/parameter:Parameter", { name: "/a", type: "String", value: "b" });
  await create("aws:s3/bucket:Bucket", { bucket: "bench" });
  await create("aws:s3/bucketObjectv2:BucketObjectv2", {
    bucket: "bench",
    key: "a",
    content: "x".repeat(10_000),
  });
}

async function direct(testCloud: TestCloud): Promise<unknown> {
  // A second for each, as over the wire: else the quota refuses.
  await testCloud.pass(1);
  return testCloud.call("ssm", "GetParameter", { Name: "/a" });
}

/** After a tenth as many that do not count. */
async function perSecond(
  times: number,
  atOnce: number,
  ask: () => Promise<unknown>,
): Promise<number> {
  const some = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left-- > 0) await ask();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  await some(times / 10);
  const start = performance.now();
  await some(times);
  return (times * 1000) / (performance.now() - start);
}
