"""What goes wrong between us and a name server or broker."""

from typing import Optional


class RemotingError(Exception):
    """A call that was not answered, or was answered with a refusal.

    `code` is RocketMQ's response code, or None when there was no answer at all (refused
    connection, timeout, closed socket, an answer that is not the protocol's).
    """

    def __init__(self, message: str, code: Optional[int] = None) -> None:
        super().__init__(message)
        self.code = code

    @property
    def unanswered(self) -> bool:
        """True when the other side did not answer: it may be down, or not up yet."""
        return self.code is None
