"""Text that is kept and sent compressed: a large cluster's page is a hundred megabytes of it."""

import zlib
from typing import Iterable, Iterator, List

# The quickest: even so the page shrinks to a twentieth, as its lines are much alike.
_LEVEL = 1
_GZIP = 31
_PIECE = 1 << 16


class Packed:
    """gzip, one member after the other, as every gzip reader takes it."""

    def __init__(self, members: Iterable[bytes] = (), size: int = 0) -> None:
        self.members: List[bytes] = list(members)
        # Of the text that it stands for.
        self.size = size

    def __add__(self, other: "Packed") -> "Packed":
        return Packed(self.members + other.members, self.size + other.size)

    def text(self) -> Iterator[bytes]:
        """The text in pieces, so that it is nowhere as a whole."""
        for member in self.members:
            unpacker = zlib.decompressobj(_GZIP)
            for at in range(0, len(member), _PIECE):
                yield unpacker.decompress(member[at : at + _PIECE])
            yield unpacker.flush()


class Packer:
    """Makes one member out of pieces of text."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._parts: List[bytes] = []
        self._size = 0

    def add(self, text: str) -> None:
        """Goes on with the text."""
        piece = text.encode("utf-8")
        self._size += len(piece)
        self._parts.append(self._packer.compress(piece))

    def end(self) -> Packed:
        """The whole; nothing may be added after."""
        self._parts.append(self._packer.flush())
        return Packed([b"".join(self._parts)], self._size)


def pack(text: str) -> Packed:
    """A text as a whole."""
    if not text:
        return Packed()
    packer = Packer()
    packer.add(text)
    return packer.end()
