"""RocketMQ's release out of the number that each of its answers carries (MQVersion)."""

# Every release has two numbers, its snapshot's first. 3.x counts otherwise and is not read.
_FIRST_4 = 213
_FIRST_5 = 413
_AFTER_5 = 613


def release_of(number: int) -> str:
    """`4.9.3` for 399; empty for what is no 4.x or 5.x."""
    if not number + 1 >= _FIRST_4 or number >= _AFTER_5:
        return ""
    major, first = (4, _FIRST_4) if number + 1 < _FIRST_5 else (5, _FIRST_5)
    # A snapshot's number is one below its release's.
    steps, snapshot = divmod(number + 1 - first, 2)
    release = f"{major}.{steps // 10}.{steps % 10}"
    return release if snapshot else f"{release}-SNAPSHOT"


def is_before_5(number: int) -> bool:
    """Whether an answer's number is that of a release before RocketMQ 5."""
    return number + 1 < _FIRST_5
