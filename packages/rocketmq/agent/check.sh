#!/usr/bin/env bash
# Checks the host agent: lint, types, Python 3.6 syntax, the shell prefix, unit tests.
# The tools live in a cache folder of the project's own, keyed by their pinned versions.
set -euo pipefail
cd "$(dirname "$0")"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pulumi-rocketmq
tools=$cache/agent-tools-$(python3 -c 'import hashlib, sys
pins = open("requirements-dev.txt", "rb").read() + sys.version.encode()
print(hashlib.sha256(pins).hexdigest()[:12])')

if [ ! -d "$tools" ]; then
  mkdir -p "$cache"
  fresh=$(mktemp -d "$cache/.building-agent-tools-XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  echo "installing the agent's check tools into $tools"
  python3 -m venv "$fresh"
  # -m pip, as pip's own script names the folder that is renamed below.
  "$fresh/bin/python" -m pip --quiet --disable-pip-version-check install -r requirements-dev.txt
  mv -T "$fresh" "$tools" || [ -d "$tools" ]
fi

tool() { "$tools/bin/python" -m "$@"; }

tool ruff check .
tool ruff format --check .
tool mypy
"$tools/bin/python" "$tools/bin/vermin" --quiet --no-tips --no-parse-comments --target=3.6- --violations rocketmq_agent __main__.py
if command -v shellcheck >/dev/null; then
  shellcheck prefix.sh check.sh
else
  echo "shellcheck is not installed: prefix.sh is not checked" >&2
fi

# The newest Python that is here, and 3.6, the oldest that hosts have.
ran=
for python in python3 python3.6 "$HOME"/.pyenv/versions/3.6*/bin/python; do
  python=$(command -v "$python" 2>/dev/null) || continue
  version=$("$python" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null) || continue
  case " $ran " in *" $version "*) continue ;; esac
  echo "unit tests under Python $version"
  PYTHONPATH=. "$python" -m unittest discover -s tests -q -b
  ran="$ran $version"
done
