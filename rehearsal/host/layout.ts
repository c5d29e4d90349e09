import type { OperatingSystem } from "../kernel/instance.js";
import type { Hardware } from "./hardware.js";
import { own } from "../own.js";

/** What the files of a fresh host are made from. */
export interface HostFacts {
  readonly hostname: string;
  readonly privateIp: string;
  readonly os: OperatingSystem;
  readonly hardware: Hardware;
}

/** The kernel of the Amazon Linux 2023 images; `uname -r` adds the architecture. */
const KERNEL = "6.1.119-129.201.amzn2023";
const RELEASE = "2023.6.20241212";

/** SSM Agent's files. Source: appconfig/constants_unix.go of amazon-ssm-agent. */
export const AGENT_VERSION = "3.3.1345.0";

const DIRECTORIES = [
  "/boot /etc /etc/profile.d /etc/sudoers.d /etc/systemd/system /home/ec2-user /opt /opt/aws /root /run /run/lock /srv /sys /tmp /mnt /media",
  "/usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/libexec /usr/share /usr/local/bin /usr/local/sbin /usr/local/etc",
  "/usr/local/lib /usr/local/lib64 /usr/local/libexec /usr/local/share /usr/local/share/man /usr/local/src",
  "/usr/lib/systemd/system /var/cache /var/lib /var/lib/amazon/ssm /var/log /var/log/amazon/ssm /var/opt /var/spool /var/tmp",
  "/proc/net /proc/sys/kernel /proc/sys/fs /proc/self /proc/1",
];

export function directories(): readonly string[] {
  return DIRECTORIES.flatMap((line) => line.split(" "));
}

export function kernelRelease(os: OperatingSystem): string {
  return `${KERNEL}.${machineName(os)}`;
}

/** What `uname -m` says. */
export function machineName(os: OperatingSystem): string {
  return os.architecture === "arm64" ? "aarch64" : "x86_64";
}

/** The files that do not change while the host runs, by path. */
export function files({
  hostname,
  privateIp,
  os,
  hardware,
}: HostFacts): Readonly<Record<string, string>> {
  return {
    "/etc/os-release": osRelease(os),
    "/etc/system-release": `Amazon Linux release ${RELEASE} (Amazon Linux)\n`,
    "/etc/hostname": `${hostname}\n`,
    "/etc/hosts": `127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1         localhost6 localhost6.localdomain6\n${privateIp} ${hostname}\n`,
    "/etc/passwd":
      "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin\nec2-user:x:1000:1000:EC2 Default User:/home/ec2-user:/bin/bash\n",
    "/etc/group":
      "root:x:0:\nbin:x:1:\ndaemon:x:2:\nadm:x:4:ec2-user\nwheel:x:10:ec2-user\nsystemd-journal:x:190:ec2-user\nnobody:x:65534:\nec2-user:x:1000:\n",
    "/etc/sudoers":
      "Defaults   always_set_home\nroot\tALL=(ALL) \tALL\n%wheel\tALL=(ALL)\tALL\n#includedir /etc/sudoers.d\n",
    "/etc/sudoers.d/90-cloud-init-users":
      "# User rules for ec2-user\nec2-user ALL=(ALL) NOPASSWD:ALL\n",
    "/etc/fstab":
      "UUID=d2a4c1b0-0000-4000-8000-000000000000     /           xfs    defaults,noatime  1   1\n",
    "/proc/1/comm": "systemd\n",
    "/proc/cpuinfo": Array.from(
      { length: hardware.processors },
      (_, n) => `processor\t: ${n}\n\n`,
    ).join(""),
    "/proc/mounts":
      "/dev/nvme0n1p1 / xfs rw,seclabel,noatime,attr2,inode64,noquota 0 0\ntmpfs /tmp tmpfs rw,seclabel,nosuid,nodev 0 0\n",
    "/proc/net/tcp": tcpTable([[0, 22]]),
    // chronyd on 127.0.0.1; the number is little-endian.
    "/proc/net/udp": tcpTable([[0x0100007f, 323]]).replace(" 0A ", " 07 "),
    "/proc/net/tcp6": TCP_HEADER.replace(
      "local_address rem_address  ",
      "local_address                         remote_address                       ",
    ),
    "/proc/sys/kernel/hostname": `${hostname}\n`,
    "/proc/sys/kernel/osrelease": `${kernelRelease(os)}\n`,
    "/proc/sys/kernel/ostype": "Linux\n",
    "/proc/version": `Linux version ${kernelRelease(os)} (mockbuild@ip-10-0-0-1) (gcc 11.4.1) #1 SMP PREEMPT_DYNAMIC\n`,
    "/proc/loadavg": "0.00 0.00 0.00 1/120 1500\n",
  };
}

/** `/proc/meminfo` of a host with nothing but the system on it. */
export function memoryInfo({ memoryMiB }: Hardware): string {
  // The kernel keeps about 4 % for itself, the system on it needs about 180 MiB: seen on t3.micro.
  const total = Math.round(memoryMiB * 1024 * 0.96);
  const free = total - 180 * 1024;
  const rows: readonly (readonly [string, number])[] = [
    ["MemTotal", total],
    ["MemFree", Math.round(free * 0.8)],
    ["MemAvailable", free],
    ["Buffers", 2048],
    ["Cached", Math.round(free * 0.2)],
    ["SwapCached", 0],
    ["SwapTotal", 0],
    ["SwapFree", 0],
  ];
  return rows
    .map(([name, kiB]) => `${`${name}:`.padEnd(16)}${String(kiB).padStart(8)} kB\n`)
    .join("");
}

const TCP_HEADER =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/** `/proc/net/tcp` with sockets that listen (state 0A), as `[IPv4 address as a number, port]`. */
function tcpTable(listening: readonly (readonly [address: number, port: number])[]): string {
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, "0");
  const rows = listening.map(
    ([address, port], index) =>
      `${String(index).padStart(4)}: ${hex(address, 8)}:${hex(port, 4)} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${18000 + index} 1 0000000000000000 100 0 0 10 0\n`,
  );
  return TCP_HEADER + rows.join("");
}

/** `ID` of os-release by SSM's platform name. Source: os-release(5) of the distributions. */
const OS_IDS: Readonly<Record<string, string>> = {
  "Amazon Linux": "amzn",
  "Red Hat Enterprise Linux": "rhel",
  "Rocky Linux": "rocky",
  "SUSE Linux Enterprise Server": "sles",
  Ubuntu: "ubuntu",
  Debian: "debian",
};

function osRelease({ platformName, platformVersion }: OperatingSystem): string {
  const id = own(OS_IDS, platformName) ?? platformName.toLowerCase().replaceAll(" ", "");
  return [
    `NAME="${platformName}"`,
    `VERSION="${platformVersion}"`,
    `ID="${id}"`,
    ...(id === "amzn" ? ['ID_LIKE="fedora"'] : []),
    `VERSION_ID="${platformVersion}"`,
    ...(id === "amzn" ? [`PLATFORM_ID="platform:al${platformVersion}"`] : []),
    `PRETTY_NAME="${platformName} ${platformVersion}"`,
    "",
  ].join("\n");
}
