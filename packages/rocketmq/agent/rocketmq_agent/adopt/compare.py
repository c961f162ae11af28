"""What a server that runs is told, against what the program says; pure."""

from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional

from ..remoting.permission import KEY as PERMISSION
from ..remoting.properties import same_value

# Whose store it is: another value is another broker. Key to the argument that says it.
_IDENTITY = {
    "brokerClusterName": "clusterName",
    "brokerName": "groups[].brokerName",
    "brokerId": "the order of groups[].machines (the master's first)",
    "storePathRootDir": "storePathRootDir, of the cluster or of the group",
}
# Keys that a store is made with, and RocketMQ's own values.
_STORE = {
    "mappedFileSizeCommitLog": "1073741824",
    "mappedFileSizeConsumeQueue": "6000000",
    "storeType": "default",
    "enableDLegerCommitLog": "false",
    "enableControllerMode": "false",
}
# RocketMQ's own values of keys that people write to a file all the same, and that it does not
# print where it prints its defaults.
USUAL = {
    **_STORE,
    "messageDelayLevel": "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h",
    "deleteWhen": "04",
    PERMISSION: "6",
    "transientStorePoolEnable": "false",
    "maxMessageSize": "4194304",
}
# Where a name server writes the orders of topics and the like: copied to ours when ours starts.
KV_CONFIG = "kvConfigPath"
# Above it RocketMQ deletes at any hour, so the program is not allowed to say more.
_HIGHEST_RATIO = "84"
# In a file that RocketMQ itself has written: facts of the machine, which follow from the rest.
_FOLLOWS = frozenset(["rocketmqHome", "brokerConfigPath", "configStorePath", "configBlackList"])
# A file of people has some dozen keys, one that RocketMQ has written some hundred.
_WRITTEN_BY_ROCKETMQ = 90


class Problem(NamedTuple):
    """Why it cannot be adopted as it is, and what to do."""

    what: str
    remedy: str


def version_problem(title: str, found: str, wanted: str) -> List[Problem]:
    """An upgrade is one thing, an adoption another."""
    if found == wanted:
        return []
    return [
        Problem(
            f"the {title} that runs is RocketMQ {found or 'of an unknown version'}, the program"
            f" says {wanted}",
            f"set version: {found or '(its version)'} to adopt it; change the version afterwards",
        )
    ]


def identity_problems(
    port: int, live: Mapping[str, str], wanted: Mapping[str, object]
) -> List[Problem]:
    """Another broker than the one that the program means."""
    found = []
    for key, argument in _IDENTITY.items():
        value = str(wanted[key])
        now = live.get(key, "(unset)")
        if key == "storePathRootDir":
            value, now = value.rstrip("/"), now.rstrip("/")
        if now != value:
            found.append(
                Problem(
                    f"the broker on {port} has {key} {now}, the program says {value}",
                    f"make the program say {now} ({argument}), or take another machine",
                )
            )
    return found


def conf_problems(
    wanted: Mapping[str, str],
    live: Mapping[str, str],
    filed: Mapping[str, str],
    usual: Mapping[str, str],
    used_percent: int,
) -> List[Problem]:
    """What would lose data or settings if the program's keys came into force.

    `filed`: keys of its file; `usual`: RocketMQ's own values as far as known; `used_percent`: how
    full the disk of its store is.
    """
    found = []
    for key in sorted({*_STORE, *(k for k in (*wanted, *live) if k.startswith("storePath"))}):
        value = wanted.get(key, _STORE.get(key))
        if key in _IDENTITY or key not in live or value is None or same(key, live[key], value):
            continue
        found.append(
            Problem(
                f"its store was made with {key} {live[key]}, the program says {value}",
                f'set brokerConfig.{key}: "{live[key]}"',
            )
        )
    return found + _shorter(wanted, live, used_percent) + _unsaid(wanted, live, filed, usual)


def _shorter(wanted: Mapping[str, str], live: Mapping[str, str], used: int) -> List[Problem]:
    """Keys that would have messages deleted as soon as they are in force."""
    keys = [("fileReservedTime", "older messages would be deleted", "")]
    if used >= (_number(wanted.get("diskMaxUsedSpaceRatio")) or 100):
        keys.append(
            (
                "diskMaxUsedSpaceRatio",
                f"the disk is {used} % full, so the oldest messages would be deleted",
                _HIGHEST_RATIO,
            )
        )
    found = []
    for key, harm, highest in keys:
        now, then = _number(live.get(key)), _number(wanted.get(key))
        if now is not None and then is not None and then < now:
            found.append(
                Problem(
                    f"it has {key} {now}, the program says {then}: {harm}",
                    f'set brokerConfig.{key}: "{highest or now}" to adopt it, and lower it'
                    " afterwards if that is meant; or make room",
                )
            )
    return found


def _unsaid(
    wanted: Mapping[str, str],
    live: Mapping[str, str],
    filed: Mapping[str, str],
    usual: Mapping[str, str],
) -> List[Problem]:
    """Keys of its file that the program does not have: its next restart would lose them."""
    lost = []
    for key in unsaid(wanted, live, filed):
        known = USUAL.get(key, usual.get(key))
        if known is None and len(filed) > _WRITTEN_BY_ROCKETMQ:
            continue
        if known is None or not same_value(known, live[key]):
            lost.append(f'{key}: "{live[key]}"')
    if not lost:
        return []
    return [
        Problem(
            f"its file has keys that the program does not have: {', '.join(lost)}",
            "put them into brokerConfig (namesrvConfig of a name server), or take them out of the"
            " file: its next restart would lose them unnoticed",
        )
    ]


def unsaid(wanted: Mapping[str, str], live: Mapping[str, str], filed: Iterable[str]) -> List[str]:
    """Keys of a file that the program does not have and that the server knows."""
    return sorted(
        key
        for key in filed
        if key in live
        and key not in wanted
        and key not in _FOLLOWS
        and not key.startswith("storePath")
    )


def effective(wanted: Mapping[str, str], live: Mapping[str, str]) -> Dict[str, str]:
    """The program's keys with the values that they have now: what was adopted."""
    return {
        key: value if key not in live or same(key, live[key], value) else live[key]
        for key, value in wanted.items()
    }


def same(key: str, one: str, other: str) -> bool:
    """Whether two values mean the same: name servers in any order, folders with a slash or not."""
    if key == KV_CONFIG:
        return True
    if key == "namesrvAddr":
        return _members(one) == _members(other)
    if key.startswith("storePath"):
        return one.rstrip("/") == other.rstrip("/")
    return same_value(one, other)


def _members(text: str) -> List[str]:
    return sorted(part.strip() for part in text.split(";") if part.strip())


def _number(text: Optional[str]) -> Optional[int]:
    return int(text) if text is not None and text.strip().isdigit() else None
