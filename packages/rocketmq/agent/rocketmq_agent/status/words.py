"""Why something did not answer, in few words."""

from ..remoting import RemotingError

# No answer, or one that no version we know gives: that must not hide what the others say.
UNREADABLE = (RemotingError, ValueError, KeyError, TypeError, AttributeError)


def reason(error: Exception, address: str) -> str:
    """The error without the address, which stands beside it."""
    if not isinstance(error, (RemotingError, OSError)):
        return f"unexpected answer: {error!r}"
    return str(error).replace(f"{address}: ", "") or type(error).__name__
