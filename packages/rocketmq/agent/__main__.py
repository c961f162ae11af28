"""Start of the archive; readable by every Python 3, so that an old one gets a clear error."""

import sys

if sys.version_info < (3, 6):  # noqa: UP036 - `python3 rocketmq-agent` bypasses the shell's check
    sys.stderr.write("rocketmq-agent: Python 3.6 or later is needed\n")
    sys.exit(70)

from rocketmq_agent.cli import main

sys.exit(main(sys.argv))
