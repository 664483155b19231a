"""Undo a response's content encoding piece by piece, never past a limit. Pure.

Inflating each network read as a whole would make 64 MB of 64 KB of a gzip bomb. Here the inflated length is bounded
before the memory is used.
"""

import zlib
from collections.abc import Iterator

GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
RAW_DEFLATE = -zlib.MAX_WBITS
ACCEPT_ENCODING = "gzip, deflate"


class BodyTooLarge(Exception):
    """The decoded body is longer than the limit."""


class BodyBroken(Exception):
    """The body is not what its content encoding says, or it ends early."""


class Body:
    """Collects a body of at most `limit` decoded bytes. `encoding` is the response's Content-Encoding."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit = limit
        self._body = bytearray()
        self._inflate = _inflater(encoding)

    def __len__(self) -> int:
        """Return how many decoded bytes there are so far."""
        return len(self._body)

    def add(self, raw: bytes) -> None:
        """Take the next raw piece; raises BodyTooLarge as soon as the limit is passed, and BodyBroken."""
        pieces = self._inflate.pieces(raw, self._limit + 1) if self._inflate else iter((raw,))
        for piece in pieces:
            if len(self._body) + len(piece) > self._limit:
                raise BodyTooLarge(f"more than {self._limit:,} bytes")
            self._body += piece

    def finish(self) -> bytes:
        """Return the whole decoded body; raises BodyBroken when the compressed stream was cut short."""
        if self._inflate and self._body and not self._inflate.is_complete:
            raise BodyBroken("the compressed body ends early")
        return bytes(self._body)


class _Inflater:
    """Inflates gzip (any number of members), zlib, and deflate without a header, as some servers send it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(GZIP_OR_ZLIB)
        self._started = False

    @property
    def is_complete(self) -> bool:
        return self._stream.eof

    def pieces(self, raw: bytes, at_most: int) -> Iterator[bytes]:
        while raw:
            piece = self._inflated(raw, at_most)
            self._started = True
            yield piece
            raw = self._stream.unconsumed_tail
            if self._stream.eof:
                raw = self._next_member()

    def _inflated(self, raw: bytes, at_most: int) -> bytes:
        try:
            return self._stream.decompress(raw, at_most)
        except zlib.error as error:
            if self._started:
                raise BodyBroken(f"the compressed body is damaged: {error}") from error
        self._stream = zlib.decompressobj(RAW_DEFLATE)
        try:
            return self._stream.decompress(raw, at_most)
        except zlib.error as error:
            raise BodyBroken(f"the body is not compressed as it says: {error}") from error

    def _next_member(self) -> bytes:
        rest = self._stream.unused_data
        if not rest.startswith(b"\x1f\x8b"):  # padding after the last member
            return b""
        self._stream = zlib.decompressobj(GZIP_OR_ZLIB)
        return rest


def _inflater(encoding: str) -> _Inflater | None:
    name = encoding.strip().lower()
    if name in ("", "identity", "none", "utf-8"):  # the last two are no encodings, but servers send them
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        return _Inflater()
    raise BodyBroken(f"content encoding {encoding!r} was not asked for")
