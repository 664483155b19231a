"""Parsing in processes of its own: a document that takes too long or too much memory fails alone."""

import asyncio
import pickle
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import FeedParseError
from monitor.poller.types import ParsedFeed
from monitor.poller.worker import LENGTH, Answer, Refusal, Request, framed


@dataclass(frozen=True, slots=True)
class ParseSettings:
    """How much a document may take: `seconds` until its process is killed, and `memory` bytes of address space.

    `workers` documents are parsed at once.
    """

    workers: int = 2
    seconds: float = 10.0
    memory: int = 512_000_000


class ParseWorkers:
    """Processes that parse, started when they are needed first. Belongs to one event loop.

    They end with this process, however it ends: their connection ends then.
    """

    def __init__(self, settings: ParseSettings) -> None:
        self._settings = settings
        self._free = asyncio.Semaphore(settings.workers)
        self._idle: list[_Worker] = []

    async def parse(self, body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
        """Return the feed that a document is.

        Raises FeedParseError: what `parse.parse_feed` says, or parser-timeout, parser-memory, parser-died.
        """
        async with self._free:
            try:
                worker = await self._worker()
            except (EOFError, OSError) as error:
                raise FeedParseError(url, "parser-died", "its process could not be started") from error
            try:
                async with asyncio.timeout(self._settings.seconds):
                    answer = await worker.ask(Request(body, dict(headers), url))
            except TimeoutError as error:
                worker.kill()
                detail = f"not parsed within {self._settings.seconds:g} s"
                raise FeedParseError(url, "parser-timeout", detail) from error
            except (EOFError, OSError) as error:
                raise FeedParseError(url, "parser-died", f"its process ended with {worker.kill()}") from error
            except BaseException:
                worker.kill()
                raise
            self._put_back(worker, is_spent=answer.is_last)
        if isinstance(answer.told, Refusal):
            raise FeedParseError(url, answer.told.reason, answer.told.detail)
        return answer.told.whole()

    async def aclose(self) -> None:
        """End the processes."""
        for worker in self._idle:
            worker.kill()
        self._idle.clear()

    def _put_back(self, worker: "_Worker", *, is_spent: bool) -> None:
        if is_spent:
            worker.kill()
        else:
            self._idle.append(worker)

    async def _worker(self) -> "_Worker":
        while self._idle:
            worker = self._idle.pop()
            if worker.is_there:
                return worker
            worker.kill()
        return await _Worker.started(self._settings)


class _Worker:
    """A process of `monitor.poller.worker`, and the connection to it."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def started(cls, settings: ParseSettings) -> "_Worker":
        ours, theirs = socket.socketpair()
        with theirs:
            numbers = (theirs.fileno(), settings.memory, int(settings.seconds))
            process = subprocess.Popen(
                [sys.executable, "-c", f"from monitor.poller.worker import main; main{numbers}"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        worker = cls(process, *await asyncio.open_connection(sock=ours))
        try:
            await worker.told()  # it is ready: what starting takes is none of the document's time
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def is_there(self) -> bool:
        return self._process.poll() is None and not self._reader.at_eof()

    async def ask(self, request: Request) -> Answer:
        self._writer.write(framed(request))
        await self._writer.drain()
        answer: Answer = await self.told()
        return answer

    async def told(self) -> Any:
        (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        return pickle.loads(await self._reader.readexactly(length))

    def kill(self) -> int:
        """End the process, and return its status; it was killed, so that it ends at once."""
        self._writer.transport.abort()
        self._process.kill()
        return self._process.wait()
