#!/bin/sh
# The RocketMQ host agent: this shell text, then a zip archive that Python runs.
# It finds a Python and root rights, and hands over; everything else is in the archive.
# The archive starts after the last line, so the shell must never read past `exec`.
set -u

digest=@DIGEST@
library=/var/lib/rocketmq-agent/lib/$digest

fail() {
  echo "rocketmq-agent: $(uname -n): $1" >&2
  exit 70
}

# Python's own check, as `python3` may be a stub or too old. platform-python is what RHEL 8 and its
# kin have without the python3 package.
find_python() {
  for python in python3 /usr/libexec/platform-python /usr/bin/python3.[0-9]*; do
    python=$(command -v "$python" 2>/dev/null) || continue
    "$python" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null && return 0
  done
  return 1
}

may_sudo=yes
if [ "${1:-}" = --no-sudo ]; then
  may_sudo=no
  shift
fi

find_python || fail "no Python 3.6 or later: install python3 with the system's package manager"

case $0 in
  /*) agent=$0 ;;
  *) agent=$PWD/$0 ;;
esac

# What an earlier step has unpacked starts faster than the archive, as Python keeps it compiled.
program=$agent
[ ! -f "$library/__main__.py" ] || program=$library

case ${1:-} in
  -* | '') exec "$python" -I -S "$program" "$@" ;;
esac

sudo=
if [ "$(id -u)" -ne 0 ]; then
  [ $may_sudo = yes ] ||
    fail "user $(id -un) is not root, and connection.sudo is false: connect as root, or let the user become root"
  sudo -n true 2>/dev/null ||
    fail "user $(id -un) may not become root without a password: connect as root, or allow it with a line '$(id -un) ALL=(ALL) NOPASSWD: ALL' in /etc/sudoers.d"
  sudo='sudo -n --'
fi

# shellcheck disable=SC2086 # $sudo is several words
exec $sudo "$python" -I -S "$program" --agent "$agent" --digest "$digest" --home "${HOME:-$PWD}" "$@"
