import type { CollectedHost } from "./sender.js";

/** Fills in what the agent knows. Source: CloudWatch user guide, log_stream_name and append_dimensions. */
export function fillIn(text: string, host: CollectedHost, now: number): string {
  const { instance } = host;
  const values: Readonly<Record<string, string>> = {
    "{instance_id}": instance.id,
    "{hostname}": host.name,
    "{local_hostname}": host.name,
    "{ip_address}": instance.privateIp,
    "{date}": new Date(now).toISOString().slice(0, 10),
    "${aws:InstanceId}": instance.id,
    "${aws:ImageId}": instance.imageId,
    "${aws:InstanceType}": instance.instanceType,
  };
  return text.replaceAll(/\$?\{[\w:]+\}/g, (placeholder) => values[placeholder] ?? placeholder);
}
