/**
 * Commands that a real Amazon Linux 2023 host has and the local shell has not. Using one is reported as "not
 * rehearsed"; a command that is in neither place is "command not found", as it would be there (e.g. `apt-get`,
 * or `crontab`, which Amazon Linux 2023 no longer installs: AL2023 User Guide, "systemd timers replace cron").
 * Source: the packages of the standard image (AL2023 release notes) and what those packages install.
 */
const PROGRAMS = [
  // coreutils, util-linux, findutils and their like
  "arch b2sum basenc base32 chattr chcon chroot chrt cksum csplit dd dir factor fallocate findmnt flock fmt",
  "getopt groups hostid ionice ipcs last lastlog link logname lsattr lsblk lscpu lslogins mkfifo mknod more mount",
  "mountpoint namei nice nohup numfmt nsenter pathchk pinky pr prlimit ptx renice runcon script setpriv setsid",
  "sha224sum sha384sum sha512sum shred shuf stdbuf stty sum taskset truncate tsort tty umount uname26 unlink",
  "unshare users uuidgen vdir wall whereis who write",
  // processes, memory
  "fuser kill killall lsof pgrep pidof pkill pmap prtstat ps pstree pwdx skill slabtop snice sysctl tload top vmstat w watch",
  // users
  "chage chpasswd gpasswd groupadd groupdel groupmod newgrp passwd su sudo useradd userdel usermod visudo vipw runuser",
  // systemd and boot
  "bootctl busctl coredumpctl dracut grub2-mkconfig grubby halt hostnamectl init journalctl kernel-install localectl",
  "loginctl networkctl poweroff reboot resolvectl shutdown systemctl systemd-analyze systemd-cat systemd-cgls",
  "systemd-detect-virt systemd-notify systemd-run systemd-sysusers systemd-tmpfiles telinit timedatectl udevadm",
  // packages and services
  "alternatives update-alternatives authselect dnf rpmkeys rpmdb rpm2cpio yum needs-restarting cloud-init amazon-ssm-agent",
  "ssm-cli ec2-metadata chronyc chronyd rngd auditctl ausearch aureport getenforce setenforce restorecon semodule sestatus setsebool",
  // network
  "arping arp curl dig ethtool host hostnamectl ifconfig ip ipmaddr iptunnel nameif netstat nslookup ping rdisc route scp sftp ssh",
  "ssh-keygen ssh-keyscan tc tracepath wget",
  // disks
  "blkid blockdev e2fsck fdisk fsck growpart losetup mkfs mkfs.ext4 mkfs.xfs mkswap parted partprobe resize2fs sfdisk swapon swapoff",
  "tune2fs xfs_growfs xfs_info xfs_repair",
  // kernel
  "depmod dmesg insmod kmod lsmod lspci modinfo modprobe rmmod",
  // editors, archives, languages, text
  "bc bunzip2 bzcat bzip2 cpio ed less lesskey nano patch perl python3 python3.9 unxz unzip vi vim view xz xzcat zcmp zip zstd",
  "getconf gettext getent gpg gpg2 gpgv locale localedef ldconfig ldd openssl trust update-ca-trust",
];

/** Parts of the shell itself that just-bash lacks. */
const BUILTINS =
  "bg bind caller compgen complete coproc disown enable fc fg jobs logout suspend times trap ulimit";

/** Names of programs, and of builtins, that are reported when they are met. */
export function unmodelledCommands(): readonly string[] {
  const programs = PROGRAMS.flatMap((line) => line.split(" "));
  return [...new Set([...programs, ...BUILTINS.split(" ")])];
}
