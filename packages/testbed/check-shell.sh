#!/usr/bin/env bash
# Runs shellcheck over every shell script; installs it where it is missing and apt is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v shellcheck >/dev/null; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "shellcheck is missing: install it with the package manager of this machine" >&2
    exit 1
  fi
  apt-get update -qq
  apt-get install -y -qq shellcheck >/dev/null
fi
git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
