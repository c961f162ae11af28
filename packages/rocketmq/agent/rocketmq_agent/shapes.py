"""The shapes of the documents: documents.ts once more, as data that the agent can check."""

from typing import Any, Dict


class Maybe:
    """A member that may be absent."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Each:
    """A list, or an object with arbitrary keys, whose values have one shape."""

    def __init__(self, shape: Any, keyed: bool = False) -> None:
        self.shape = shape
        self.keyed = keyed


Shape = Dict[str, Any]

_STRINGS = Each(str)
_STRING_MAP = Each(str, keyed=True)

_PATHS: Shape = {"deploy": str, "data": str}
_PACKAGE: Shape = {"version": str, "url": Maybe(str), "file": Maybe(str), "sha512": Maybe(str)}
_JAVA_TO_RUN: Shape = {"min": int, "max": int, "preferred": int, "home": Maybe(str)}
_JAVA: Shape = {**_JAVA_TO_RUN, "install": bool}
_MEMORY: Shape = {
    "mb": Maybe(int),
    "percent": Maybe(int),
    "minMb": Maybe(int),
    "maxMb": Maybe(int),
}
_JVM: Shape = {
    "heap": _MEMORY,
    "direct": Maybe(_MEMORY),
    "options": _STRINGS,
    "byJava": Each({"from": Maybe(int), "to": Maybe(int), "options": _STRINGS}),
    "extra": _STRINGS,
}
_UNIT_TO_RUN: Shape = {"name": str, "nofile": int}
_UNIT: Shape = {**_UNIT_TO_RUN, "stopTimeout": int}
_RELEASE: Shape = {
    "version": str,
    "conf": _STRING_MAP,
    "jvm": _JVM,
    "java": _JAVA,
    "unit": _UNIT,
    "logback": Maybe(str),
}
_RELEASE_TO_RUN: Shape = {**_RELEASE, "java": _JAVA_TO_RUN, "unit": _UNIT_TO_RUN}
_TOPIC: Shape = {
    "readQueueNums": int,
    "writeQueueNums": int,
    "perm": int,
    "order": bool,
    "messageType": Maybe(str),
}
_GROUP: Shape = {
    "consumeEnable": bool,
    "consumeBroadcastEnable": bool,
    "consumeMessageOrderly": bool,
    "retryQueueNums": int,
    "retryMaxTimes": int,
}
_IDENTITY: Shape = {
    "brokerClusterName": str,
    "brokerName": str,
    "brokerId": int,
    "storePathRootDir": str,
}
_BASE: Shape = {"format": int, "host": str, "cluster": str, "paths": _PATHS}
_NODE: Shape = {**_BASE, "node": str, "user": str, "reconcile": Maybe(str)}

_PREFLIGHT: Shape = {
    **_BASE,
    "ports": _STRING_MAP,
    "disk": Each(int, keyed=True),
    "memoryMb": int,
    "java": _JAVA,
    "package": _PACKAGE,
    "maxClockSkew": int,
    "adopt": Maybe(Each({"port": int, "identity": Maybe(_IDENTITY)}, keyed=True)),
}
_OS: Shape = {
    "sysctl": _STRING_MAP,
    "transparentHugepage": Maybe(str),
    "ioScheduler": Maybe(str),
    "strict": bool,
}
_HOST: Shape = {
    **_BASE,
    "user": str,
    "os": Maybe(_OS),
    "java": _JAVA,
    "package": _PACKAGE,
    "reconcile": Maybe(str),
}
_ADOPT: Shape = {"adopt": Maybe(bool)}
_NAMESRV_ROLLOUT: Shape = {**_NODE, "release": _RELEASE_TO_RUN, "address": str}
_NAMESRV: Shape = {**_NAMESRV_ROLLOUT, **_ADOPT, "release": _RELEASE}
_BROKER_ROLLOUT: Shape = {**_NAMESRV_ROLLOUT, "identity": _IDENTITY, "replica": bool}
_BROKER_CONFIG: Shape = {
    **_NAMESRV,
    "identity": _IDENTITY,
    "namesrv": _STRINGS,
    "drain": Maybe({"seconds": int}),
    "hot": _STRINGS,
    "topics": Maybe(Each(_TOPIC, keyed=True)),
    "subscriptionGroups": Maybe(Each(_GROUP, keyed=True)),
    "discard": Maybe({"topics": _STRINGS, "subscriptionGroups": _STRINGS}),
    "decommission": Maybe({"seconds": int}),
}
_MAY_GO: Shape = {
    **_NODE,
    "identity": _IDENTITY,
    "address": str,
    "bindAddress": Maybe(str),
    "namesrv": _STRINGS,
    "ignoreGroups": _STRINGS,
    "ignoreTopics": _STRINGS,
}
_EXPORTER: Shape = {
    **_NODE,
    **_ADOPT,
    "address": str,
    "source": str,
    "namesrv": _STRINGS,
    "port": int,
    "path": str,
    "interval": int,
    "unit": _UNIT,
    "jar": Maybe(
        {
            "url": Maybe(str),
            "file": Maybe(str),
            "sha512": str,
            "arguments": _STRINGS,
            "jvm": _JVM,
            "java": _JAVA,
        }
    ),
}
_CONSUL: Shape = {
    **_NODE,
    "consul": {"url": str, "token": Maybe(str), "caPem": Maybe(str)},
    "service": {
        "id": str,
        "name": str,
        "address": str,
        "port": int,
        "tags": _STRINGS,
        "meta": _STRING_MAP,
        "check": {"http": Maybe(str), "tcp": Maybe(str), "interval": int},
    },
}
_STATUS: Shape = {
    **_BASE,
    "namesrv": _STRINGS,
    "brokers": Each({"brokerName": str, "brokerId": int, "address": str}),
    "exporter": Maybe(str),
}

# A delete step gets the document that made what it deletes, and must work with any of them.
SHAPES: Dict[str, Shape] = {
    "preflight": _PREFLIGHT,
    "host": _HOST,
    "host-delete": {**_BASE, "user": str},
    "namesrv-config": _NAMESRV,
    "namesrv-rollout": _NAMESRV_ROLLOUT,
    "namesrv-delete": _NODE,
    "namesrv-purge": _NODE,
    "broker-config": _BROKER_CONFIG,
    "broker-rollout": _BROKER_ROLLOUT,
    "broker-delete": _NODE,
    "broker-purge": _NODE,
    "broker-decommission": {**_MAY_GO, "seconds": int, "timeout": int},
    "broker-may-go": _MAY_GO,
    "exporter": _EXPORTER,
    "leave": _NODE,
    "exporter-delete": _NODE,
    "exporter-purge": _NODE,
    "check": {**_BASE, "steps": Each({"verb": str, "document": {}})},
    "status": _STATUS,
    "consul": _CONSUL,
    "consul-delete": _CONSUL,
}
