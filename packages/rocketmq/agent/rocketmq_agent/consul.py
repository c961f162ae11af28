"""Registers a process with the Consul agent of its host, which checks it and tells the cluster."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import quote

from .errors import ExitCode, StepError
from .result import Result
from .steps import Document

_TIMEOUT = 10.0
# Of a check. A machine that is short of breath for a moment is not to flap.
_CHECK_TIMEOUT = "5s"


class Agent:
    """Consul's agent, by its HTTP API."""

    def __init__(self, url: str, token: Optional[str], ca_pem: Optional[str]) -> None:
        self.url = url
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["X-Consul-Token"] = token
        handlers = [urllib.request.ProxyHandler({})]
        if url.startswith("https:"):
            context = _context(ca_pem)
            self._opener = urllib.request.build_opener(
                *handlers, urllib.request.HTTPSHandler(context=context)
            )
        else:
            self._opener = urllib.request.build_opener(*handlers)

    def call(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Any:
        """The answer; None where there is no such thing. The token is in no message."""
        request = urllib.request.Request(
            f"{self.url}/v1/agent/{path}",
            data=json.dumps(body).encode("utf-8") if body is not None else b"",
            headers=self._headers,
            method=method,
        )
        if method == "GET":
            request.data = None
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                text = response.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            with error:
                said = error.read(500).decode("utf-8", "replace").strip()
            if error.code == 404 or "nknown service" in said:
                return None
            raise self._refused(error.code, said) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise StepError(
                ExitCode.CONSUL_FAILED,
                f"Consul's agent at {self.url} does not answer: {reason}",
                "See that it runs on this host (systemctl status consul), and that consul.address"
                " is what this host reaches it at. https needs consul.caPem, unless its"
                " certificate is by an authority that the host trusts.",
            ) from None
        return json.loads(text) if text.strip() else {}

    def _refused(self, code: int, said: str) -> StepError:
        return StepError(
            ExitCode.CONSUL_FAILED,
            f"Consul's agent at {self.url} refuses: {code} {said}",
            "Its ACL token needs service:write for the service. Give it as consul.token."
            if code in (401, 403)
            else "",
        )


def register(document: Document) -> Result:
    """Enter the service, or bring its entry up to date."""
    result = Result()
    agent = agent_of(document)
    service = document["service"]
    before = entry(agent, service)
    # Always: what Consul has of the check is not in its answer. Saying it again changes nothing.
    agent.call("PUT", "service/register?replace-existing-checks=true", _definition(document))
    if before is None:
        result.changed.append(f"registered {service['name']} in Consul")
    elif differences(before, service):
        result.changed.append(f"changed the registration of {service['name']} in Consul")
    return result


def deregister(document: Document) -> Result:
    """Take the service out; nothing to do where it is not registered."""
    result = Result()
    agent = agent_of(document)
    path = quote(document["service"]["id"], safe="")
    if agent.call("GET", f"service/{path}") is not None:
        agent.call("PUT", f"service/deregister/{path}")
        result.changed.append(f"took {document['service']['name']} out of Consul")
    return result


def agent_of(document: Document) -> Agent:
    """The Consul agent that a document is for."""
    consul = document["consul"]
    return Agent(consul["url"], consul.get("token"), consul.get("caPem"))


def entry(agent: Agent, service: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """What Consul has of a service; None where it is not registered."""
    found: Optional[Dict[str, Any]] = agent.call("GET", f"service/{quote(service['id'], safe='')}")
    return found


def _context(ca_pem: Optional[str]) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cadata=ca_pem)
    except (ssl.SSLError, ValueError) as error:
        raise StepError(
            ExitCode.CONSUL_FAILED,
            f"consul.caPem is no certificate: {error}",
            "Give the PEM text itself (-----BEGIN CERTIFICATE-----), not the path of a file.",
        ) from None


def _definition(document: Document) -> Dict[str, Any]:
    service = document["service"]
    check = service["check"]
    kind = {"HTTP": check["http"]} if "http" in check else {"TCP": check["tcp"]}
    return {
        "ID": service["id"],
        "Name": service["name"],
        "Address": service["address"],
        "Port": service["port"],
        "Tags": service["tags"],
        "Meta": service["meta"],
        "Check": dict(
            kind,
            Name=f"{service['name']} answers",
            Interval=f"{check['interval']}s",
            Timeout=_CHECK_TIMEOUT,
        ),
    }


def differences(found: Dict[str, Any], service: Dict[str, Any]) -> List[Tuple[str, str, str]]:
    """What is not as wanted: its name, the wanted value and the one that Consul has."""
    pairs = {
        "name": (service["name"], found.get("Service")),
        "address": (service["address"], found.get("Address")),
        "port": (service["port"], found.get("Port")),
        "tags": (sorted(service["tags"]), sorted(found.get("Tags") or [])),
        "meta": (service["meta"], found.get("Meta") or {}),
    }
    return [
        (what, _shown(wanted), _shown(has))
        for what, (wanted, has) in pairs.items()
        if wanted != has
    ]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
