import type * as aws from "@pulumi/aws";

/**
 * What a Windows host needs of its domain's controllers. UDP beside TCP where Windows asks by it first.
 * Source: AWS Directory Service administration guide, ports of AWS Managed Microsoft AD.
 */
const ports: readonly [protocol: "tcp" | "udp", from: number, to: number, what: string][] = [
  ["tcp", 53, 53, "DNS"],
  ["udp", 53, 53, "DNS"],
  ["tcp", 88, 88, "Kerberos"],
  ["udp", 88, 88, "Kerberos"],
  ["udp", 123, 123, "Time, which Kerberos needs"],
  ["tcp", 135, 135, "RPC"],
  ["tcp", 389, 389, "LDAP"],
  ["udp", 389, 389, "LDAP, which finds the nearest controller"],
  ["tcp", 445, 445, "SMB, for group policies"],
  ["tcp", 464, 464, "Kerberos passwords"],
  ["udp", 464, 464, "Kerberos passwords"],
  ["tcp", 636, 636, "LDAP over TLS"],
  ["tcp", 3268, 3269, "Global catalog"],
  // Windows' dynamic ports, which RPC answers with.
  ["tcp", 49_152, 65_535, "RPC"],
];

/** The part of a directory's description that says where its controllers are. */
type Directory = Pick<
  aws.directoryservice.GetDirectoryResult,
  "dnsIpAddresses" | "connectSettings"
>;

/**
 * Rules from a host to a directory. AD Connector only passes on: behind it are the domain's own
 * controllers, which hosts talk to themselves.
 */
export function directoryOut({ dnsIpAddresses, connectSettings }: Directory) {
  const behind = connectSettings.flatMap(({ customerDnsIps }) => customerDnsIps);
  const addresses = [...new Set([...dnsIpAddresses, ...behind])].sort();
  const cidrBlocks = addresses.map((address) => `${address}/32`);
  return ports.map(([protocol, fromPort, toPort, description]) => ({
    description,
    protocol,
    fromPort,
    toPort,
    cidrBlocks,
  }));
}
