"""What was registered with the Consul agent of the host."""

from typing import Any, Dict, List
from urllib.parse import quote

from .. import consul
from ..errors import StepError
from ..steps import Document
from .difference import HOT, MANUAL, Difference


def check(document: Document) -> List[Difference]:
    """What registering it once more would change."""
    node, service = document["node"], document["service"]
    name = f"{service['name']} in Consul"
    agent = consul.agent_of(document)
    try:
        entry = consul.entry(agent, service)
        if entry is None:
            return [Difference(node, name, "registered", "missing", HOT)]
        return [
            *(
                Difference(node, f"{what} of {name}", wanted, found, HOT)
                for what, wanted, found in consul.differences(entry, service)
            ),
            *_checks(node, name, _checks_of(agent, service["id"]), service["check"]),
        ]
    except StepError as error:
        return [Difference(node, "Consul's agent", "answers", error.message, MANUAL)]


def _checks_of(agent: consul.Agent, service_id: str) -> List[Dict[str, Any]]:
    where = quote(f'ServiceID == "{service_id}"', safe="")
    return list((agent.call("GET", f"checks?filter={where}") or {}).values())


def _checks(
    node: str, name: str, checks: List[Dict[str, Any]], wanted: Dict[str, Any]
) -> List[Difference]:
    """Consul tells that there is a check and of what kind, not what it asks."""
    kind = "http" if "http" in wanted else "tcp"
    # Consul before 1.7 does not tell the kind either.
    kinds = sorted({str(one.get("Type") or kind) for one in checks})
    if kinds == [kind]:
        return []
    return [Difference(node, f"health check of {name}", kind, ", ".join(kinds) or "missing", HOT)]
