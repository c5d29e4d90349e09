/**
 * Commands that a real Amazon Linux 2023 host has and the local shell has not. Using one is reported as "not
 * rehearsed"; a command that is in neither place is "command not found", as it would be there (e.g. `apt-get`,
 * or `crontab`, which Amazon Linux 2023 no longer installs: AL2023 User Guide, "systemd timers replace cron").
 * Source: the packages of the standard image (AL2023 release notes) and what those packages install.
 */
/** Those that work on files and processes alone: a real shell has them as the machine at hand has them. */
const TOOLS = [
  // coreutils, util-linux, findutils and their like
  "arch b2sum basenc base32 chattr chrt cksum csplit dd dir factor fallocate flock fmt",
  "getopt groups hostid ionice ipcs link logname lsattr mkfifo mknod more",
  "namei nice nohup numfmt pathchk pinky pr prlimit ptx renice script setpriv setsid",
  "sha224sum sha384sum sha512sum shred shuf stdbuf stty sum taskset truncate tsort tty uname26 unlink",
  "users uuidgen vdir wall whereis who write",
  // processes
  "fuser kill killall pgrep pidof pkill pmap prtstat ps pstree pwdx skill snice top w watch",
  // editors, archives, languages, text
  "bc bunzip2 bzcat bzip2 cpio ed less nano patch perl python3 unxz unzip vi vim view xz xzcat zcmp zip zstd",
  "getconf gettext getent locale",
];

/** Those that need what is no part of a shell: a network, services, a kernel, disks, a package manager. */
const SYSTEM = [
  "chcon chroot findmnt last lastlog lsblk lscpu lslogins mount mountpoint nsenter runcon umount unshare",
  "lsof slabtop sysctl tload vmstat",
  // users
  "chage chpasswd gpasswd groupadd groupdel groupmod newgrp passwd su sudo useradd userdel usermod visudo vipw runuser",
  // systemd and boot
  "bootctl busctl coredumpctl dracut grub2-mkconfig grubby halt init journalctl kernel-install localectl",
  "loginctl networkctl poweroff reboot resolvectl shutdown systemctl systemd-analyze systemd-cat systemd-cgls",
  "systemd-detect-virt systemd-notify systemd-run systemd-sysusers systemd-tmpfiles telinit timedatectl udevadm",
  // packages and services
  "alternatives update-alternatives authselect dnf rpmkeys rpmdb rpm2cpio yum cloud-init amazon-ssm-agent",
  "ssm-cli ec2-metadata chronyc chronyd rngd auditctl ausearch aureport getenforce setenforce restorecon semodule sestatus setsebool",
  // network
  "arping arp curl dig ethtool host ifconfig ip ipmaddr iptunnel nameif netstat nslookup ping rdisc route scp sftp ssh",
  "ssh-keygen ssh-keyscan tc tracepath wget",
  // disks
  "blkid blockdev e2fsck fdisk fsck growpart losetup mkfs mkfs.ext4 mkfs.xfs mkswap parted partprobe resize2fs sfdisk swapon swapoff",
  "tune2fs xfs_growfs xfs_info xfs_repair",
  // kernel
  "depmod dmesg insmod kmod lsmod lspci modinfo modprobe rmmod",
  "gpg gpg2 gpgv lesskey localedef ldconfig ldd python3.9 trust update-ca-trust",
];

/** Parts of the shell itself that just-bash lacks. */
const BUILTINS =
  "bg bind caller compgen complete coproc disown enable fc fg jobs logout suspend times trap ulimit";

const words = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.split(" "));

/** Names of programs, and of builtins, that the built-in shell reports when they are met. */
export function notRehearsedCommands(): readonly string[] {
  return [...new Set([...words(TOOLS), ...words(SYSTEM), ...words([BUILTINS])])];
}

/** Programs that need nothing but files and processes. */
export function plainTools(): readonly string[] {
  return words(TOOLS);
}

/** Programs that no shell rehearses. */
export function systemPrograms(): readonly string[] {
  return words(SYSTEM);
}
