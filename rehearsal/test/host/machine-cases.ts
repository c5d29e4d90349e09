// What scripts on a Linux host see, whichever shell runs them.

/** Script, output, exit code (0 where it is left out). */
export type Case = readonly [script: string, stdout: string, exitCode?: number];

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  "is laid out like Amazon Linux 2023": [
    [". /etc/os-release; echo $ID $VERSION_ID", "amzn 2023\n"],
    ["cat /proc/sys/kernel/osrelease", "6.1.119-129.201.amzn2023.x86_64\n"],
    ["grep -c MemTotal /proc/meminfo", "1\n"],
    ["readlink /bin", "usr/bin\n"],
    ["echo $PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"],
  ],
  "knows who it is": [
    ["id", "uid=0(root) gid=0(root) groups=0(root)\n"],
    ["id -u; id -un; whoami", "0\nroot\nroot\n"],
    [
      "id ec2-user",
      "uid=1000(ec2-user) gid=1000(ec2-user) groups=1000(ec2-user),4(adm),10(wheel),190(systemd-journal)\n",
    ],
    ["id nobody1", "", 1],
    ["hostname; cat /proc/sys/kernel/hostname", "ip-10-0-1-23\nip-10-0-1-23\n"],
    [
      "uname; uname -m; uname -sr; nproc",
      "Linux\nx86_64\nLinux 6.1.119-129.201.amzn2023.x86_64\n2\n",
    ],
  ],
  "runs scripts by name where PATH and mode allow": [
    [
      "printf '#!/bin/sh\\necho $0 $1\\n' > /usr/local/bin/t; chmod 755 /usr/local/bin/t; t a",
      "/usr/local/bin/t a\n",
    ],
    [
      "cp /usr/local/bin/t /bin/v; v b; ls /usr/bin/v",
      "/bin/v b\n/usr/bin/v\n".replace("/bin/v b", "/usr/bin/v b"),
    ],
  ],
  "installs files as coreutils does": [
    ["cd /tmp; echo x > f; install f g; stat -c %a g", "755\n"],
    ["cd /tmp; install -m 0644 f /usr/local/share; stat -c %a /usr/local/share/f", "644\n"],
    ["cd /tmp; install -m u=rw,go=r f h; stat -c %a h", "644\n"],
    ["cd /tmp; install -D f /opt/new/dir/f; cat /opt/new/dir/f", "x\n"],
    ["cd /tmp; install f /nowhere/f", "", 1],
    ["install -d -m 0750 /var/lib/a/b; stat -c %a /var/lib/a/b", "750\n"],
    ["cd /tmp; install -o root -g wheel f i; install -o ghost f i", "", 1],
    ["cd /tmp; install f g /opt; ls /opt/f /opt/g; install f g /opt/f", "/opt/f\n/opt/g\n", 1],
    ["cd /tmp; install -t /srv f; cat /srv/f", "x\n"],
    ["install", "", 1],
    ["cd /tmp; ln -s f link; install g link; readlink link; cat f", "x\n".repeat(1), 0],
  ],
  "makes temporary files": [
    ['f=$(mktemp); test -f "$f" && stat -c %a "$f"', "600\n"],
    ['d=$(mktemp -d); test -d "$d" && stat -c %a "$d"', "700\n"],
    ["mktemp -p /var/tmp x.XXXXXX | cut -c1-11", "/var/tmp/x.\n"],
    ["mktemp /nowhere/x.XXX", "", 1],
    ["mktemp x.XX", "", 1],
  ],
  "takes the options that shells are started with": [
    ["sh -e -c 'false; echo no'", "", 1],
    ["printf 'false\\necho $1\\n' > /tmp/s; sh /tmp/s yes; sh -e /tmp/s no", "yes\n", 1],
    ["echo 'echo in $1' | sh -s there", "in there\n"],
    ["sh <<'E'\necho here\nE", "here\n"],
    ["sh -c 'echo $0 $1' a b", "a b\n"],
    ["echo 'if' > /tmp/bad; sh -n /tmp/bad", "", 2],
    ["sh /tmp/none", "", 127],
  ],
  "knows the status of an assignment": [
    ["set -e; probe() { return 3; }; probe || code=$?; echo $code", "3\n"],
    ["false; x=1; echo $? $x", "0 1\n"],
    ["false; x=1 y=$x; echo $? $y", "0 1\n"],
    ["set -e; x=$(exit 4); echo on", "", 4],
    ["x=$(exit 4); echo $?", "4\n"],
    [
      "set -e; f() { local a=1; false || a=$?; echo $a; }; f; y=`false || b=$?; echo $b`; echo $y",
      "1\n1\n",
    ],
    ["if false; then x=1; else x=$?; fi; echo $x $?", "1 0\n"],
    ["case a in a) false; x=$? ;; esac; echo $? $x", "0 1\n"],
    ["for i in 1 2; do false || x=$i; done; echo $? $x", "0 2\n"],
    [
      "printf 'false || x=$?\\necho $x $1\\n' > /tmp/a.sh; sh -e /tmp/a.sh b; sh /tmp/a.sh c",
      "1 b\n1 c\n",
    ],
  ],
  "reports what it has": [
    ["df -P / | awk 'NR == 2 {print $2, $6}'", "8310764 /\n"],
    ["df /none", "", 1],
    ["free -m | awk '/^Mem/ {print $2}'", "983\n"],
    ["ss -lntH | awk '{print $4}'", "0.0.0.0:22\n"],
    ["rpm -q bash none", "bash-5.2.15-1.amzn2023.0.2.x86_64\npackage none is not installed\n", 1],
    ["rpm -qa --qf '%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}\\n' 'ch*'", "chrony 4.3\n"],
    [
      "mkdir /tmp/l; touch /tmp/l/a; chmod 700 /tmp/l/a; ls -l /tmp/l | awk 'NR > 1 {print $1, $3, $9}'",
      "-rwx------ root a\n",
    ],
  ],
  "refuses what the host would refuse": [
    ["echo x > /nowhere/f", "", 1],
    ["cp /etc/hosts /nowhere/f", "", 1],
    ["mv /etc/fstab /nowhere/f", "", 1],
    ["mkdir /nowhere/d", "", 1],
    ["chown ghost /etc/hosts", "", 1],
    ["apt-get update", "", 127],
    ["crontab -l", "", 127],
    ["jq .", "", 127],
  ],
  "keeps what a write does not change": [
    ["cd /tmp; echo a > k; chmod 700 k; echo b > k; stat -c %a k", "700\n"],
    ["cd /tmp; echo a > t1; ln -s t1 t2; echo b > t2; cat t1; readlink t2", "b\nt1\n"],
  ],
};

/** Where the built-in machine is of its own mind: its sockets are written down, and what PATH finds must be executable. */
export const BUILT_IN_CASES: readonly Case[] = [
  ["awk '$4 == \"0A\" {print $2}' /proc/net/tcp", "00000000:0016\n"],
  ["printf 'echo hi' > /usr/local/bin/u; u", "", 127],
];
