"""Taking over a RocketMQ that was set up by somebody else, while it runs.

What runs goes on running from its own unit, folder and user: no restart is spent on the adoption
itself. The node's first release notes what it runs with; the next one, whenever a restart is due,
replaces it, and it is what a failed restart goes back to.
"""
