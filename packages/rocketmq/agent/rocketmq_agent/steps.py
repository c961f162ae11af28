"""The verbs, and the function that carries each out."""

from importlib import import_module
from typing import Any, Callable, Dict, cast

from .result import Result

Document = Dict[str, Any]
Step = Callable[[Document, "Context"], Result]


class Context:
    """Where a step runs, beside its document."""

    def __init__(self, home: str, agent: str) -> None:
        # Home of the SSH user: files that were pushed are below it.
        self.home = home
        # This agent as one file.
        self.agent = agent


# Verb to "module:function" below this package.
VERBS = {
    "preflight": "preflight:run",
    "host": "host.step:apply",
    "host-delete": "host.remove:delete",
    "namesrv-config": "node.namesrv:configure",
    "namesrv-rollout": "node.namesrv:rollout",
    "namesrv-delete": "node.remove:delete",
    "namesrv-purge": "node.remove:purge",
    "broker-config": "node.broker:configure",
    "broker-rollout": "node.broker:rollout",
    "broker-delete": "node.remove:delete",
    "broker-purge": "node.remove:purge",
    "broker-decommission": "node.decommission:wait",
    "broker-may-go": "node.decommission:may_go",
    "leave": "node.remove:leave",
    "exporter": "node.exporter:apply",
    "exporter-delete": "node.remove:delete",
    "exporter-purge": "node.remove:purge",
    "check": "check:run",
    "status": "status:run",
    "consul": "consul:register",
    "consul-delete": "consul:deregister",
}

# Steps that need neither the lock nor a unit of their own: they change nothing on the host, or,
# as those of Consul, one thing in one request. So the token of Consul is in no file of the host.
DIRECT = (
    "preflight",
    "check",
    "status",
    "consul",
    "consul-delete",
    "broker-decommission",
    "broker-may-go",
)


def run_step(verb: str, document: Document, context: Context) -> Result:
    """Carry out a step in this process."""
    module, function = VERBS[verb].split(":")
    step = getattr(import_module(f".{module}", __package__), function)
    if verb in DIRECT:
        return cast(Result, step(document))
    return cast(Result, step(document, context))
