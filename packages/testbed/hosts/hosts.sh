#!/usr/bin/env bash
# hosts.sh - throw-away Linux hosts for tests: Debian 12, systemd as PID 1, sshd, Java 17,
# each with an address of its own on a bridge of this machine.
#
# A host is a systemd-nspawn container in a network namespace that this script makes, on an
# overlay over one shared base tree. It needs root, and no Docker and no network but a Debian
# mirror for the first `base`. Where systemd runs this machine, each host is a transient unit.
set -euo pipefail

usage() {
  cat <<'END'
usage: hosts.sh COMMAND
 making
  install              install the tools this script needs (apt-get); done by `base` too
  base                 build the shared base tree, if it is not there yet
  up N | up HOST...    bring up h1..hN, or the hosts named; returns when all answer over SSH
  down [HOST...]       remove the hosts (all, and the bridge) at once
  clean                down, and remove the base trees too
 using
  ssh HOST [CMD...]    a shell or a command on a host (also: ssh -F DIR/ssh_config HOST)
  status               name, address, state, memory and disk of each host
  inventory [json]     the hosts as an Ansible inventory, or as JSON
  nat on|off           let the hosts reach the Debian mirror, and only that, through this machine
 faults
  stop|start HOST...   shut down cleanly; switch on (the disk is kept)
  reboot HOST...       reboot through systemd and wait for SSH
  kill HOST...         power loss: every process of the host dies at once, the disk stays
  freeze|thaw HOST...  stop all processes of a host without ending them, and let them go on
  stall HOST SECONDS   let the disk of a host hang for so long: what writes to it waits
  cut|heal HOST...     take a host's network link down, and up
  split A,B,.. C,D,..  drop all traffic between two groups of hosts;  split off: end it
  slow HOST RATE       limit a host's link both ways, e.g. 10mbit;  slow HOST off
  delay HOST MS [LOSS] add MS milliseconds each way and drop LOSS percent;  delay HOST off
settings (environment)
  HOSTS_BRIDGE=br-rmq  the bridge, which also names the set: several run side by side if the
                       bridge, the network and the folder all differ
  HOSTS_NET=10.231.0   a /24: this machine is .1, host hN is .(10+N)
  HOSTS_DIR=           state of this set (default: ~/.local/state/pulumi-rocketmq/hosts/BRIDGE)
  HOSTS_CACHE=         where base trees are kept for all sets (default: ~/.cache/pulumi-rocketmq)
  HOSTS_MIRROR=        Debian mirror (default: the one that apt uses here, or deb.debian.org)
 for hosts that `up` makes; those that are there already stay as they are
  HOSTS_NET2=          a second /24, e.g. 10.231.1: such hosts have eth1 at .(10+N) of it
  HOSTS_WITHOUT=       packages to take away: java, python, or both as java,python
  HOSTS_DISK=          size of the disk, e.g. 2G; else it is as large as this machine's
  HOSTS_MEMORY=        memory limit of each host, e.g. 1500M, which also makes MemoryMax= work
  HOSTS_FAKE_SYSCTL=1  vm.* and fs.* sysctls of a host are files of its own; 0: read-only
END
}

NET=${HOSTS_NET:-10.231.0}
NET2=${HOSTS_NET2:-}
BRIDGE=${HOSTS_BRIDGE:-br-rmq}
DIR=${HOSTS_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/pulumi-rocketmq/hosts/$BRIDGE}
CACHE=${HOSTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-rocketmq}
MEMORY=${HOSTS_MEMORY:-}
DISK=${HOSTS_DISK:-}
WITHOUT=${HOSTS_WITHOUT:-}
FAKE_SYSCTL=${HOSTS_FAKE_SYSCTL:-1}
SUITE=bookworm
PACKAGES=systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,iputils-ping,procps,python3,ca-certificates,curl,unzip,openjdk-17-jre-headless
TOOLS=(debootstrap debian-archive-keyring systemd-container iproute2 nftables openssh-client util-linux)
SSH_WAIT=60 # seconds
MAX_HOSTS=64

# What RocketMQ's os.sh, and guides for JVM servers, set. None of these belongs to a namespace:
# to write one from a host would change this machine and every other host.
SYSCTLS="vm/max_map_count vm/swappiness vm/overcommit_memory vm/drop_caches vm/zone_reclaim_mode"
SYSCTLS+=" vm/dirty_background_ratio vm/dirty_ratio vm/dirty_writeback_centisecs vm/page-cluster"
SYSCTLS+=" vm/min_free_kbytes fs/file-max fs/aio-max-nr kernel/pid_max kernel/threads-max"

TABLE=${BRIDGE//[^a-z0-9]/_}
CGROUP=hosts-$BRIDGE
TAG=${BRIDGE#br-} # a host's devices: TAG-hN its link, TAG-hNn the second one; TAG-hNb, x and y what `delay` adds
BRIDGE2=$TAG-net2
V2= # whether this machine has cgroup v2 alone
[ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ] || V2=1
ME=$(realpath "$0")

log() { printf '%s\n' "hosts: $*" >&2; }
die() { log "$*"; exit 1; }
address() { echo "$NET.$((10 + ${1#h}))"; }
address2() { # on the second network, if the host has one
  local net2
  ! net2=$(cat "$(host_dir "$1")/net2" 2>/dev/null) || echo "$net2.$((10 + ${1#h}))"
}
host_dir() { echo "$DIR/run/$1"; }
netns() { echo "$BRIDGE-$1"; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

all_hosts() { [ ! -d "$DIR/run" ] || (cd "$DIR/run" && find . -mindepth 1 -maxdepth 1 -name 'h*' -printf '%P\n' | sort -V); }

check_host() {
  [[ $1 =~ ^h([1-9][0-9]?)$ && ${BASH_REMATCH[1]} -le $MAX_HOSTS ]] || die "not a host's name (h1..h$MAX_HOSTS): $1"
}

each() { # each FUNCTION HOST...: in parallel; fails if one of them fails
  local f=$1 h pids=() rc=0
  shift
  [ $# -gt 0 ] || die "which hosts?"
  for h; do check_host "$h"; [ -d "$(host_dir "$h")" ] || die "no such host: $h"; done
  for h; do "$f" "$h" & pids+=($!); done
  for h in "${pids[@]}"; do wait "$h" || rc=1; done
  return $rc
}

# ---------------------------------------------------------------- base

cmd_install() {
  command -v apt-get >/dev/null || die "no apt-get here: install what is called, on Debian, ${TOOLS[*]}"
  local install=(apt-get install -y --no-install-recommends "${TOOLS[@]}")
  export DEBIAN_FRONTEND=noninteractive
  "${install[@]}" >&2 || { apt-get update >&2 && "${install[@]}" >&2; } || die "apt-get could not install ${TOOLS[*]}"
}

need_tools() {
  local c missing=()
  for c in debootstrap systemd-nspawn nft ip ssh-keygen nsenter; do command -v $c >/dev/null || missing+=("$c"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  log "missing: ${missing[*]}; installing ${TOOLS[*]}"
  cmd_install
}

mirror() { # the Debian mirror that apt on this machine is configured with, if any
  local uri=${HOSTS_MIRROR:-}
  # shellcheck disable=SC2016
  [ -n "$uri" ] || uri=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 2>/dev/null | awk -v s="$SUITE" '$1 == s {print $2; exit}')
  echo "${uri:-http://deb.debian.org/debian}"
}

recipe() { { echo "$PACKAGES $SUITE $(dpkg --print-architecture 2>/dev/null || uname -m)"; declare -f configure_base; } | sha256sum | cut -c1-16; }
base_dir() { echo "$CACHE/hosts-base-$(recipe)"; }

cmd_base() {
  need_tools
  [ ! -d "$(base_dir)" ] || return 0
  mkdir -p "$CACHE"
  (
    flock -n 9 || log "waiting for another build of the base tree"
    flock -w 1800 9 || die "another hosts.sh has been building the base tree for half an hour"
    [ -d "$(base_dir)" ] || build_base
  ) 9>"$CACHE/hosts-base.lock"
}

# Under a temporary name, renamed when complete; the lock is held, so what is left of such a name is
# of a build that was interrupted. debootstrap mounts /proc and /sys in the tree: in a mount
# namespace of its own they go with it, however it ends.
build_base() {
  local b t0 logfile=$CACHE/hosts-base.log
  t0=$(now_ms)
  rm -rf --one-file-system "$CACHE"/.building-hosts-base-*
  b=$CACHE/.building-hosts-base-$$
  log "building the base tree of the test hosts: Debian $SUITE with Java, about a minute (log: $logfile)"
  unshare --mount debootstrap --variant=minbase --include="$PACKAGES" "$SUITE" "$b" "$(mirror)" >"$logfile" 2>&1 ||
    die "debootstrap failed: $(tail -1 "$logfile") (log: $logfile)"
  configure_base "$b"
  mv "$b" "$(base_dir)"
  log "base built in $(($(now_ms) - t0)) ms, $(du -sm "$(base_dir)" | cut -f1) MB"
}

configure_base() { # what all hosts have in common; what a host has of its own: see `create`
  local b=$1 unit
  rm -rf "$b"/var/cache/apt/archives/*.deb "$b"/var/lib/apt/lists/* "$b"/etc/ssh/ssh_host_* "$b"/etc/hostname
  : >"$b/etc/machine-id"
  : >"$b/etc/default/locale"
  : >"$b/etc/resolv.conf" # no DNS: a look-up fails at once instead of hanging for 20 s
  chroot "$b" useradd -m -s /bin/bash ops # as on a cloud image: no password, sudo
  echo 'ops ALL=(ALL) NOPASSWD:ALL' >"$b/etc/sudoers.d/ops"
  for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer console-getty.service; do
    ln -sf /dev/null "$b/etc/systemd/system/$unit"
  done
  cat >"$b/usr/local/sbin/testhost-init" <<'END'
#!/bin/sh
# PID 1 of a test host until systemd takes over
mkdir -p /run/testhost
for key in $TESTHOST_SYSCTLS; do
  [ -e "/proc/sys/$key" ] || continue
  file=/run/testhost/$(echo "$key" | tr / .)
  printf %s "$(cat "/proc/sys/$key" 2>/dev/null || echo 0)" >"$file"
  mount --bind "$file" "/proc/sys/$key"
done
[ -z "$TESTHOST_MEMORY" ] || mount -o remount,bind,rw /sys/fs/cgroup/memory
unset TESTHOST_SYSCTLS TESTHOST_MEMORY
exec /lib/systemd/systemd
END
  chmod 755 "$b/usr/local/sbin/testhost-init"
}

# ---------------------------------------------------------------- the machine's own limits

# systemd takes five or six inotify instances a host, and a user's usual 128 end at the twentieth host
# of all sets together; the ones after it boot and answer nobody. A larger limit costs nothing by
# itself, so it is left as it is when the hosts go.
inotify_room() {
  local limit=/proc/sys/fs/inotify/max_user_instances
  [ "$(cat "$limit" 2>/dev/null || echo 1024)" -ge 1024 ] || (echo 1024 >"$limit") 2>/dev/null || true
}

# ---------------------------------------------------------------- network

bridge_up() { # bridge_up BRIDGE NET
  local other
  if [ ! -e "/sys/class/net/$1" ]; then
    other=$(ip -4 -o addr show to "$2.0/24" | awk '{print $2; exit}')
    [ -z "$other" ] || die "$2.0/24 is in use here by $other: choose another network"
    ip link add "$1" type bridge
  fi
  ip addr replace "$2.1/24" dev "$1"
  ip link set "$1" up
  # Where bridged frames pass iptables (any machine with Docker), its default would drop them.
  if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null)" = 1 ] && command -v iptables >/dev/null; then
    iptables -C FORWARD -i "$1" -o "$1" -j ACCEPT 2>/dev/null || iptables -I FORWARD -i "$1" -o "$1" -j ACCEPT
  fi
}

bridges_up() {
  inotify_room
  bridge_up "$BRIDGE" "$NET"
  local net2=$NET2
  [ -n "$net2" ] || net2=$(find "$DIR/run" -maxdepth 2 -name net2 -exec cat {} + 2>/dev/null | head -1 || true)
  [ -z "$net2" ] || bridge_up "$BRIDGE2" "$net2"
}

bridge_down() {
  ! command -v iptables >/dev/null || iptables -D FORWARD -i "$1" -o "$1" -j ACCEPT 2>/dev/null || true
  [ ! -e "/sys/class/net/$1" ] || ip link del "$1"
}

mac() { # of an address, so that it stays: with a new one, neighbours hold on to the old one for 50 s
  # shellcheck disable=SC2086
  printf '02:00:%02x:%02x:%02x:%02x' ${1//./ }
}

net_up() { # a host's namespace and links, made anew at each boot so that its net.* sysctls are too
  local h=$1 ns ip
  ns=$(netns "$h")
  net_down "$h"
  ip netns add "$ns"
  ip -n "$ns" link set lo up
  link_up "$h" "$TAG-$h" eth0 "$BRIDGE" "$(address "$h")"
  ip -n "$ns" route add default via "$NET.1"
  ip=$(address2 "$h")
  [ -z "$ip" ] || link_up "$h" "$TAG-${h}n" eth1 "$BRIDGE2" "$ip"
  link_apply "$h"
}

link_up() { # link_up HOST DEVICE NAME_INSIDE BRIDGE ADDRESS
  local ns
  ns=$(netns "$1")
  ip link add "$2" type veth peer name "$3" address "$(mac "$5")" netns "$ns"
  ip link set "$2" master "$4" up
  ip -n "$ns" addr add "$5/24" dev "$3"
  ip -n "$ns" link set "$3" up
}

net_down() {
  local ns dev
  ns=$(netns "$1")
  [ ! -e "/run/netns/$ns" ] || ip netns del "$ns"
  for dev in "$TAG-$1" "$TAG-${1}n"; do
    [ ! -e "/sys/class/net/$dev" ] || ip link del "$dev" 2>/dev/null || true
  done
}

link_apply() { # what cut, slow and delay have left in the host's folder: it outlives a reboot
  local h=$1 d rate
  d=$(host_dir "$h")
  [ -e "/sys/class/net/$TAG-$h" ] || return 0
  if [ -e "$d/cut" ]; then ip link set "$TAG-$h" down; else ip link set "$TAG-$h" up; fi
  tc qdisc del dev "$TAG-$h" root 2>/dev/null || true
  tc -n "$(netns "$h")" qdisc del dev eth0 root 2>/dev/null || true
  if rate=$(cat "$d/slow" 2>/dev/null); then
    tc qdisc add dev "$TAG-$h" root tbf rate "$rate" burst 32kb latency 100ms
    tc -n "$(netns "$h")" qdisc add dev eth0 root tbf rate "$rate" burst 32kb latency 100ms
  fi
  [ ! -e "/sys/class/net/$TAG-${h}b" ] || ip link set "$TAG-$h" master "$TAG-${h}b"
}

delay_stop() {
  local pidfile
  pidfile=$(host_dir "$1")/delay.pid
  if [ -e "$pidfile" ]; then
    kill "$(cat "$pidfile")" 2>/dev/null || true
    rm -f "$pidfile"
  fi
  [ ! -e "/sys/class/net/$TAG-$1" ] || ip link set "$TAG-$1" master "$BRIDGE"
  [ ! -e "/sys/class/net/$TAG-${1}b" ] || ip link del "$TAG-${1}b"
}

delay_start() { # the host's link joins a bridge of its own; a relay carries frames between that and $BRIDGE
  local h=$1 ms=$2 loss=$3 d
  d=$(host_dir "$h")
  ip link add "$TAG-${h}b" type bridge
  ip link set "$TAG-${h}b" up
  setsid python3 "$(dirname "$ME")/link-delay.py" "$TAG-${h}x" "$TAG-${h}y" "$ms" "$loss" </dev/null >"$d/delay.log" 2>&1 &
  echo $! >"$d/delay.pid"
  for _ in $(seq 50); do [ ! -e "/sys/class/net/$TAG-${h}y" ] || break; sleep 0.02; done
  ip link set "$TAG-${h}x" master "$TAG-${h}b" up
  ip link set "$TAG-${h}y" master "$BRIDGE" up
  ip link set "$TAG-$h" master "$TAG-${h}b"
}

# ---------------------------------------------------------------- a host's processes

# cgroup v1 (hybrid): a folder of our own in name=systemd, which nspawn and the systemd inside use,
# and in unified, for the freezer. cgroup v2: a delegated unit of the machine's systemd, or a folder
# of our own where no systemd runs; `power` holds our loop, since a folder that hands on controllers
# may hold no processes, and `host` all of the host.
host_cgroups() {
  if [ -z "$V2" ]; then
    echo "/sys/fs/cgroup/systemd/$CGROUP/$1" "/sys/fs/cgroup/unified/$CGROUP/$1"
  else
    cat "$(host_dir "$1")/cgroup" 2>/dev/null || true
  fi
}
inner_cgroup() { # where nspawn starts: `supervisor` and `payload` are made below it
  local c
  c=$(host_cgroups "$1" | cut -d' ' -f1)
  echo "$c${V2:+/host}"
}
freeze_file() {
  local c
  c=$(host_cgroups "$1")
  echo "${c##* }${V2:+/host}/cgroup.freeze"
}
host_pids() {
  local c
  c=$(host_cgroups "$1" | cut -d' ' -f1)
  [ ! -d "${c:-/nowhere}" ] || find "$c" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}
is_up() { [ -n "$(host_pids "$1")" ]; }

cgroups_remove() { # the folders of a host without processes
  local c
  for c in $(host_cgroups "$1") $(cat "$(host_dir "$1")/memory-cgroup" 2>/dev/null); do
    [ ! -d "$c" ] || find "$c" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

# Puts this process where the host is to start, with its memory limit.
cgroups_enter() {
  local h=$1 pid=$2 c
  if [ -z "$V2" ]; then
    for c in $(host_cgroups "$h"); do mkdir -p "$c"; echo "$pid" >"$c/cgroup.procs"; done
    [ -n "$MEMORY" ] || return 0
    c=$(memory_cgroup)/$CGROUP-$h # below our own memory cgroup, so that its limits hold for the host too
    mkdir -p "$c"
    echo "$c" >"$(host_dir "$h")/memory-cgroup"
    echo "$MEMORY" >"$c/memory.limit_in_bytes"
    echo "$pid" >"$c/cgroup.procs"
  else
    c=$(inner_cgroup "$h")
    mkdir -p "$c"
    if [ -n "$MEMORY" ]; then
      [ -e "$c/memory.max" ] || die "HOSTS_MEMORY needs the memory controller in $(dirname "$c")"
      echo "$MEMORY" >"$c/memory.max"
      echo 0 2>/dev/null >"$c/memory.swap.max" || true
    fi
    echo "$pid" >"$c/cgroup.procs"
  fi
}

power_cgroup() { # v2: this loop out of the way, and the controllers handed on
  local c controller
  # As a unit, we may be running before `power_on` could write down which cgroup that has.
  [ ! -d /run/systemd/system ] || echo "/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)" >"$(host_dir "$1")/cgroup"
  c=$(host_cgroups "$1")
  mkdir -p "$c/power"
  echo $BASHPID >"$c/power/cgroup.procs"
  # shellcheck disable=SC2013
  for controller in $(cat "$c/cgroup.controllers"); do echo "+$controller" 2>/dev/null >"$c/cgroup.subtree_control" || true; done
}

# The host's power supply: runs it, and again when it asks to be rebooted (nspawn's status 133).
cmd__power() {
  local h=$1 d rc args fake=
  d=$(host_dir "$h")
  args=(-D "$d/root" --machine="$BRIDGE-$h" --hostname="$h" --register=no --keep-unit --resolv-conf=off --link-journal=no
    --timezone=off --kill-signal=SIGRTMIN+3 --capability=CAP_NET_ADMIN --setenv=TESTHOST_MEMORY="$MEMORY")
  [ "$FAKE_SYSCTL" != 1 ] || fake=$SYSCTLS
  [ -z "$V2" ] || power_cgroup "$h"
  while :; do
    if [ -z "$V2" ]; then
      cgroups_remove "$h"
      cgroups_enter "$h" $BASHPID # v1: this loop too, so that `kill` ends it
    else
      find "$(inner_cgroup "$h")" -depth -type d -exec rmdir {} + 2>/dev/null || true
    fi
    net_up "$h"
    rc=0
    (
      cgroups_enter "$h" $BASHPID
      exec nsenter --net="/run/netns/$(netns "$h")" env \
        SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_LOCK=0 \
        systemd-nspawn "${args[@]}" --setenv=TESTHOST_SYSCTLS="$fake" /usr/local/sbin/testhost-init
    ) || rc=$?
    echo "hosts: $h ended with status $rc"
    [ $rc -eq 133 ] || break
  done
  exit 0 # or bash would read on in this file, which may have been changed since
}

memory_cgroup() {
  local p
  p=$(awk -F: '$2 == "memory" {print $3}' /proc/self/cgroup)
  [ -n "$p" ] || die "HOSTS_MEMORY needs the memory controller"
  echo "/sys/fs/cgroup/memory${p%/}"
}

disk_mount() {
  local d
  d=$(host_dir "$1")
  [ ! -e "$d/disk.img" ] || mountpoint -q "$d/disk" || mount -o loop "$d/disk.img" "$d/disk"
}

root_mount() {
  local d
  d=$(host_dir "$1")
  disk_mount "$1"
  mountpoint -q "$d/root" ||
    mount -t overlay "$BRIDGE-$1" -o "lowerdir=$(cat "$d/base"),upperdir=$d/disk/upper,workdir=$d/disk/work" "$d/root"
}

power_on() {
  local h=$1 d unit=$CGROUP-$1
  d=$(host_dir "$h")
  ! is_up "$h" || return 0
  root_mount "$h"
  if [ -n "$V2" ] && [ -d /run/systemd/system ]; then
    systemctl reset-failed "$unit" 2>/dev/null || true
    systemd-run --quiet --collect --unit="$unit" --description="test host $h on $BRIDGE" \
      -p Delegate=yes -p TasksMax=infinity -p OOMPolicy=continue -p StandardOutput="append:$d/console.log" -p StandardError=inherit \
      --setenv=PATH="$PATH" --setenv=HOME="$HOME" --setenv=HOSTS_DIR="$DIR" --setenv=HOSTS_CACHE="$CACHE" --setenv=HOSTS_NET="$NET" \
      --setenv=HOSTS_BRIDGE="$BRIDGE" --setenv=HOSTS_MEMORY="$MEMORY" --setenv=HOSTS_FAKE_SYSCTL="$FAKE_SYSCTL" "$ME" _power "$h"
    echo "/sys/fs/cgroup$(systemctl show --property=ControlGroup --value "$unit")" >"$d/cgroup"
  else
    [ -z "$V2" ] || echo "/sys/fs/cgroup/$CGROUP/$h" >"$d/cgroup"
    [ -z "$V2" ] || mkdir -p "/sys/fs/cgroup/$CGROUP/$h"
    setsid "$ME" _power "$h" </dev/null >>"$d/console.log" 2>&1 &
  fi
}

power_off() { # power loss
  local pids
  while pids=$(host_pids "$1"); [ -n "$pids" ]; do
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    thaw "$1"
    sleep 0.02
  done
  cgroups_remove "$1"
  net_down "$1" # a machine without power answers no ping
}

freeze() { echo 1 >"$(freeze_file "$1")"; }
thaw() { echo 0 2>/dev/null >"$(freeze_file "$1")" || true; }

shut_down() {
  local p
  is_up "$1" || return 0
  p=$(cat "$(inner_cgroup "$1")/supervisor/cgroup.procs") # nspawn passes it on to systemd
  [ -z "$p" ] || kill -TERM "$p"
  for _ in $(seq 1200); do is_up "$1" || break; sleep 0.1; done
  ! is_up "$1" || log "$1 does not shut down after 120 s: power off"
  power_off "$1"
}

boot_id() { on "$1" cat /proc/sys/kernel/random/boot_id; }
on() { local h=$1; shift; ssh -F "$DIR/ssh_config" -o ConnectTimeout=2 "$h" "$@" </dev/null; }

wait_ssh() {
  local h=$1 until
  until=$(($(now_ms) + SSH_WAIT * 1000))
  while [ "$(now_ms)" -lt $until ]; do
    if timeout 0.5 bash -c ": </dev/tcp/$(address "$h")/22" 2>/dev/null; then
      ! on "$h" true 2>/dev/null || return 0
    fi
    sleep 0.1
  done
  log "$h does not answer over SSH after $SSH_WAIT s (see $(host_dir "$h")/console.log):"
  tail -n 5 "$(host_dir "$h")/console.log" >&2 || true
  return 1
}

reboot_wait() {
  local h=$1 old new until
  old=$(boot_id "$h")
  on "$h" systemctl reboot 2>/dev/null || true
  until=$(($(now_ms) + SSH_WAIT * 1000))
  while [ "$(now_ms)" -lt $until ]; do
    new=$(boot_id "$h" 2>/dev/null) && [ "$new" != "$old" ] && return 0
    sleep 0.1
  done
  log "$h did not come back"
  return 1
}

create() {
  local h=$1 d r n
  d=$(host_dir "$h")
  [ ! -e "$d/created" ] || return 0
  [ ! -d "$d" ] || remove "$h"
  mkdir -p "$d"/{disk,root}
  base_dir >"$d/base"
  [ -z "$NET2" ] || echo "$NET2" >"$d/net2"
  if [ -n "$DISK" ]; then
    truncate -s "$DISK" "$d/disk.img"
    mkfs.ext4 -q -m 0 "$d/disk.img"
  fi
  disk_mount "$h"
  mkdir -p "$d"/disk/{work,upper}
  root_mount "$h"
  r=$d/root
  echo "$h" >"$r/etc/hostname"
  { echo "127.0.0.1 localhost"; for n in $(seq $MAX_HOSTS); do echo "$(address "h$n") h$n"; done; } >"$r/etc/hosts"
  tr -d - </proc/sys/kernel/random/uuid >"$r/etc/machine-id"
  ssh-keygen -q -t ed25519 -N '' -C "$h" -f "$r/etc/ssh/ssh_host_ed25519_key"
  install -d -m 700 "$r/root/.ssh"
  install -m 600 "$DIR/id_ed25519.pub" "$r/root/.ssh/authorized_keys"
  install -d -m 700 -o 1000 -g 1000 "$r/home/ops/.ssh"
  install -m 600 -o 1000 -g 1000 "$DIR/id_ed25519.pub" "$r/home/ops/.ssh/authorized_keys"
  take_away "$r" >"$d/without.log" 2>&1 || die "$h: could not take away $WITHOUT (log: $d/without.log)"
  touch "$d/created"
}

take_away() { # by dpkg, so that apt knows and can install it again
  local packages=() what
  for what in ${WITHOUT//,/ }; do
    case $what in
      java) packages+=('openjdk-*' ca-certificates-java java-common) ;;
      python) packages+=('python3*' 'libpython3*') ;;
      *) die "HOSTS_WITHOUT: java or python, not $what" ;;
    esac
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  mapfile -t packages < <(dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${Package}\n' "${packages[@]}" 2>/dev/null)
  chroot "$1" env DEBIAN_FRONTEND=noninteractive dpkg --purge --force-depends "${packages[@]}"
}

remove() {
  local h=$1 d
  d=$(host_dir "$h")
  # What a killed `stall` has left: processes that wait for a disk cannot be ended.
  ! mountpoint -q "$d/disk" || fsfreeze --unfreeze "$d/disk" 2>/dev/null || true
  power_off "$h"
  delay_stop "$h"
  net_down "$h"
  ! mountpoint -q "$d/root" || umount "$d/root"
  ! mountpoint -q "$d/disk" || umount "$d/disk"
  rm -rf --one-file-system "$d"
  rmdir "/run/systemd/nspawn/propagate/$BRIDGE-$h" 2>/dev/null || true
}

ssh_files() {
  local h
  : >"$DIR/known_hosts.new"
  for h in $(all_hosts); do
    echo "$(address "$h"),$h $(cut -d' ' -f1,2 "$(host_dir "$h")/disk/upper/etc/ssh/ssh_host_ed25519_key.pub")" >>"$DIR/known_hosts.new"
  done
  mv "$DIR/known_hosts.new" "$DIR/known_hosts"
  {
    for h in $(all_hosts); do printf 'Host %s\n  HostName %s\n' "$h" "$(address "$h")"; done
    printf 'Host h* %s.*\n' "$NET"
    printf '  %s\n' "User root" "IdentityFile $DIR/id_ed25519" "IdentitiesOnly yes" "BatchMode yes" \
      "UserKnownHostsFile $DIR/known_hosts" "StrictHostKeyChecking yes" "LogLevel ERROR"
  } >"$DIR/ssh_config"
  # Whoever called us by sudo shall be able to use the hosts.
  [ -z "${SUDO_UID:-}" ] || chown "$SUDO_UID" "$DIR"/{id_ed25519,id_ed25519.pub,known_hosts,ssh_config}
}

# ---------------------------------------------------------------- commands

locked() { # one up or down at a time; `down` removes the lock, so look again whose file it is
  while :; do
    mkdir -p "$DIR"
    exec 9>"$DIR/lock"
    flock -w 600 9 || die "another hosts.sh is at work"
    [ "$DIR/lock" -ef /proc/self/fd/9 ] && break
  done
  "$@" 9>&-
}

do_up() {
  local hosts=("$@") h t0 pids=()
  [ $# -gt 0 ] || die "how many hosts?"
  if [[ $1 =~ ^[0-9]+$ ]]; then mapfile -t hosts < <(seq -f 'h%.0f' 1 "$1"); fi
  for h in "${hosts[@]}"; do check_host "$h"; done
  cmd_base
  t0=$(now_ms)
  [ -e "$DIR/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C test-hosts -f "$DIR/id_ed25519"
  bridges_up
  mkdir -p "$DIR/run"
  for h in "${hosts[@]}"; do create "$h" & pids+=($!); done
  for h in "${pids[@]}"; do wait "$h" || die "could not make all hosts"; done
  ssh_files
  for h in "${hosts[@]}"; do power_on "$h"; done
  each wait_ssh "${hosts[@]}"
  log "${#hosts[@]} hosts up in $(($(now_ms) - t0)) ms"
}

do_down() {
  local t0 h
  t0=$(now_ms)
  if [ $# -gt 0 ]; then
    for h; do check_host "$h"; [ ! -d "$(host_dir "$h")" ] || remove "$h"; done
    ssh_files
  else
    # shellcheck disable=SC2046
    [ -z "$(all_hosts)" ] || each remove $(all_hosts)
    cmd_nat off
    cmd_split off
    bridge_down "$BRIDGE"
    bridge_down "$BRIDGE2"
    for h in /sys/fs/cgroup/{systemd,unified,.}/"$CGROUP"; do [ ! -d "$h" ] || rmdir "$h"; done
    rm -rf "$DIR/run" "$DIR"/id_ed25519* "$DIR/known_hosts" "$DIR/ssh_config" "$DIR/lock"
    rmdir "$DIR" 2>/dev/null || true
  fi
  log "down in $(($(now_ms) - t0)) ms"
}

cmd_up() { locked do_up "$@"; }
cmd_down() { locked do_down "$@"; }
cmd_clean() {
  locked do_down
  ! grep -qF "lowerdir=$CACHE/hosts-base-" /proc/mounts || die "the base trees stay: hosts of another set use them"
  rm -rf --one-file-system "$CACHE"/hosts-base-* "$CACHE"/.building-hosts-base-* "$CACHE"/hosts-base.{log,lock}
}
cmd_ssh() { exec ssh -F "$DIR/ssh_config" "$@"; }
cmd_stop() { each shut_down "$@"; }
cmd_start() { bridges_up; each power_on "$@"; each wait_ssh "$@"; }
cmd_reboot() { each reboot_wait "$@"; }
cmd_kill() { each power_off "$@"; }
cmd_freeze() { each freeze "$@"; }
cmd_thaw() { each thaw "$@"; }
cmd_stall() {
  [ $# -eq 2 ] || die "stall HOST SECONDS"
  each : "$1"
  # Elsewhere it would be the disk of this machine.
  mountpoint -q "$(host_dir "$1")/disk" || die "$1 has no disk of its own (HOSTS_DISK)"
  # shellcheck disable=SC2064
  trap "fsfreeze --unfreeze '$(host_dir "$1")/disk'" EXIT
  fsfreeze --freeze "$(host_dir "$1")/disk"
  sleep "$2"
}

cut_one() { touch "$(host_dir "$1")/cut"; link_apply "$1"; }
heal_one() { rm -f "$(host_dir "$1")/cut"; link_apply "$1"; }
cmd_cut() { each cut_one "$@"; }
cmd_heal() { each heal_one "$@"; }

cmd_slow() {
  [ $# -eq 2 ] || die "slow HOST RATE|off"
  each : "$1"
  if [ "$2" = off ]; then rm -f "$(host_dir "$1")/slow"; else echo "$2" >"$(host_dir "$1")/slow"; fi
  link_apply "$1"
}

cmd_delay() {
  [ $# -ge 2 ] || die "delay HOST MS [LOSS] | delay HOST off"
  each : "$1"
  delay_stop "$1"
  [ "$2" = off ] || delay_start "$1" "$2" "${3:-0}"
}

addresses() { local h out=; for h in ${1//,/ }; do check_host "$h"; out+=${out:+,}$(address "$h"); done; echo "$out"; }

cmd_split() {
  nft delete table bridge "$TABLE" 2>/dev/null || true
  [ "${1:-}" != off ] || return 0
  [ $# -eq 2 ] || die "split A,B,.. C,D,.. | split off"
  local a b
  a=$(addresses "$1")
  b=$(addresses "$2")
  nft -f - <<END
table bridge $TABLE {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ip saddr { $a } ip daddr { $b } drop
    ip saddr { $b } ip daddr { $a } drop
    arp saddr ip { $a } arp daddr ip { $b } drop
    arp saddr ip { $b } arp daddr ip { $a } drop
  }
}
END
}

cmd_nat() { # for `apt-get install` on a host: to the mirror and the DNS servers, nowhere else
  local mark=$DIR/nat.ip_forward name ips dns h
  nft delete table ip "$TABLE" 2>/dev/null || true
  if [ "${1:-}" = off ]; then
    [ ! -e "$mark" ] || { cat "$mark" >/proc/sys/net/ipv4/ip_forward; rm -f "$mark"; }
    for h in $(all_hosts); do ! mountpoint -q "$(host_dir "$h")/root" || : >"$(host_dir "$h")/root/etc/resolv.conf"; done
    return 0
  fi
  [ "${1:-}" = on ] || die "nat on|off"
  name=$(mirror | cut -d/ -f3)
  ips=$(getent ahostsv4 "$name" | awk '{print $1}' | sort -u | paste -sd,)
  dns=$(awk '$1 == "nameserver" && $2 !~ /:/ {print $2}' /etc/resolv.conf | paste -sd,)
  [[ -n $ips && -n $dns ]] || die "no address for $name"
  nft -f - <<END
table ip $TABLE {
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr $NET.0/24 ip daddr != $NET.0/24 masquerade
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname "$BRIDGE" oifname "$BRIDGE" accept
    iifname "$BRIDGE" ip daddr { $ips } tcp dport { 80, 443 } accept
    iifname "$BRIDGE" ip daddr { $dns } meta l4proto { tcp, udp } th dport 53 accept
    oifname "$BRIDGE" ct state established,related accept
    iifname "$BRIDGE" reject
    oifname "$BRIDGE" drop
  }
}
END
  [ -e "$mark" ] || cat /proc/sys/net/ipv4/ip_forward >"$mark"
  echo 1 >/proc/sys/net/ipv4/ip_forward
  for h in $(all_hosts); do grep '^nameserver' /etc/resolv.conf >"$(host_dir "$h")/root/etc/resolv.conf"; done
}

cmd_status() {
  local h state p kb sum d
  printf '%-5s %-14s %-6s %6s %8s %8s  %s\n' host address state procs 'PSS MB' 'disk MB' link
  for h in $(all_hosts); do
    d=$(host_dir "$h")
    sum=0
    p=$(host_pids "$h")
    for kb in $p; do sum=$((sum + $(awk '/^Pss:/{print $2}' "/proc/$kb/smaps_rollup" 2>/dev/null || echo 0))); done
    state=off
    [ -z "$p" ] || state=on
    [ "$(cat "$(freeze_file "$h")" 2>/dev/null || true)" != 1 ] || state=frozen
    printf '%-5s %-14s %-6s %6d %8d %8d  %s\n' "$h" "$(address "$h")" $state "$(wc -w <<<"$p")" $((sum / 1024)) \
      "$(du -sm "$d/disk/upper" | cut -f1)" \
      "$([ ! -e "$d/cut" ] || echo cut) $([ ! -e "$d/slow" ] || cat "$d/slow") $([ ! -e "$d/delay.pid" ] || echo delayed)"
  done
}

cmd_inventory() {
  local h second sep=
  if [ "${1:-}" = json ]; then
    printf '['
    for h in $(all_hosts); do
      printf '%s{"name":"%s","address":"%s"' "$sep" "$h" "$(address "$h")"
      second=$(address2 "$h")
      printf '%s}' "${second:+,\"address2\":\"$second\"}"
      sep=,
    done
    printf ']\n'
  else
    echo '[test_hosts]'
    for h in $(all_hosts); do echo "$h ansible_host=$(address "$h")"; done
    printf '[test_hosts:vars]\nansible_user=root\nansible_ssh_common_args=-F %s/ssh_config\nansible_python_interpreter=/usr/bin/python3\n' "$DIR"
  fi
}

main() {
  [ ${#TAG} -le 10 ] || die "HOSTS_BRIDGE is too long"
  local command=${1:-}
  [ $# -eq 0 ] || shift
  case $command in
    install | base | up | down | clean | nat | stop | start | reboot | kill | freeze | thaw | stall | cut | heal | split | slow | delay | _power)
      [ "$(id -u)" -eq 0 ] || die "needs root"
      "cmd_$command" "$@" ;;
    ssh | status | inventory) "cmd_$command" "$@" ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 2 ;;
  esac
}
main "$@"
