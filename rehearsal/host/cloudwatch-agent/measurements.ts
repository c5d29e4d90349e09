/**
 * What the agent measures on Linux, by section. Source: CloudWatch user guide, "Metrics collected by the CloudWatch
 * agent on Linux and macOS instances"; a name may be written with its section in front (`mem_used_percent`).
 */
export const MEASUREMENTS: Readonly<Record<string, readonly string[]>> = {
  cpu: names(
    "time_active time_guest time_guest_nice time_idle time_iowait time_irq time_nice time_softirq time_steal time_system time_user",
    "usage_active usage_guest usage_guest_nice usage_idle usage_iowait usage_irq usage_nice usage_softirq usage_steal usage_system usage_user",
  ),
  disk: names("free inodes_free inodes_total inodes_used total used used_percent"),
  diskio: names(
    "iops_in_progress io_time reads read_bytes read_time writes write_bytes write_time",
  ),
  mem: names(
    "active available available_percent buffered cached free inactive shared total used used_percent",
  ),
  net: names("bytes_recv bytes_sent drop_in drop_out err_in err_out packets_recv packets_sent"),
  netstat: names(
    "tcp_close tcp_close_wait tcp_closing tcp_established tcp_fin_wait1 tcp_fin_wait2 tcp_last_ack tcp_listen tcp_none tcp_syn_recv tcp_syn_sent tcp_time_wait udp_socket",
  ),
  processes: names(
    "blocked dead idle paging running sleeping stopped total total_threads wait zombies",
  ),
  swap: names("free used used_percent"),
};

function names(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(" "));
}

/** The dimensions that a section adds, with an example: which disks and interfaces a host has is not modelled. */
export const OWN_DIMENSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cpu: { cpu: "cpu-total" },
  disk: { path: "/", device: "nvme0n1p1", fstype: "xfs" },
  diskio: { name: "nvme0n1" },
  net: { interface: "ens5" },
};
