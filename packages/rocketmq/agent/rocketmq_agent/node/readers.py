"""Who reads a topic: on one broker alone that cannot be told.

A group that was away since before a broker came has committed nothing there, and one that hangs on
its first message nothing at all.
"""

from typing import Dict, Iterable, Set

from ..remoting.admin import consumer_offsets_on, subscription_groups_on
from ..remoting.consumers import online_groups_on
from ..steps import Document
from . import members
from .shared import is_users_group


def readers_of(document: Document, address: str, topics: Iterable[str]) -> Dict[str, Set[str]]:
    """Users' groups that have read these topics on any master, or are connected to one for them.

    Consumers in broadcast mode keep their offsets themselves, and are left out. Raises
    RemotingError where a broker group does not answer.
    """
    found: Dict[str, Set[str]] = {name: set() for name in topics}
    if not found:
        return found
    for name, head in members.heads(document, address).items():
        with members.asked(name, head) as connection:
            for topic, group in consumer_offsets_on(connection):
                if topic in found and is_users_group(group):
                    found[topic].add(group)
            groups = filter(is_users_group, subscription_groups_on(connection))
            for group, online in online_groups_on(connection, groups).items():
                for topic in () if online.broadcasting else set(online.topics) & set(found):
                    found[topic].add(group)
    return found


def topics_of(document: Document, address: str, groups: Iterable[str]) -> Dict[str, Set[str]]:
    """The topics that each of these groups has read on any master.

    Raises RemotingError where a broker group does not answer.
    """
    found: Dict[str, Set[str]] = {name: set() for name in groups}
    if not found:
        return found
    for name, head in members.heads(document, address).items():
        with members.asked(name, head) as connection:
            for topic, group in consumer_offsets_on(connection):
                if group in found:
                    found[group].add(topic)
    return found
