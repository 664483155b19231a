"""Who may be asked when: one request at a time per host, gaps, pauses that hosts ask for, room for large bodies."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Hosts remembered before idle ones are swept out; a configuration with more feeds than this sweeps on each turn.
REMEMBERED_HOSTS = 1_000


class HostBusy(Exception):
    """The host's turn comes too late to wait for: in about so many `seconds`."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} is free in {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0  # holding or waiting for the turn
    free_at: float = 0.0  # on the gate's clock


class HostGate:
    """Gives each host's turn to one caller at a time, `min_gap_seconds` after the turn before ended.

    Belongs to one event loop. `clock` counts seconds and never goes back; `sleep` waits on it.
    """

    def __init__(
        self,
        min_gap_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        remembered: int = REMEMBERED_HOSTS,
    ) -> None:
        self._gap = min_gap_seconds
        self._clock = clock
        self._sleep = sleep
        self._remembered = remembered
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    def __contains__(self, host: str) -> bool:
        return host in self._hosts

    @asynccontextmanager
    async def turn(self, host: str, *, gap: float = 0.0, at_most: float = math.inf) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it; who comes first goes first.

        `gap` is how long this host wants to rest afterwards (seconds), where that is more than the usual gap. Raises
        HostBusy at once when the turn would come later than `at_most` seconds from now.
        """
        state, gap = self._known(host), max(gap, self._gap)
        wait = state.free_at - self._clock() + state.users * gap
        if wait > at_most:
            raise HostBusy(host, wait)
        state.users += 1
        try:
            async with state.lock:
                await self._pause(state)
                try:
                    yield
                finally:
                    state.free_at = self._clock() + gap
        finally:
            state.users -= 1

    def _known(self, host: str) -> _Host:
        if host not in self._hosts and len(self._hosts) >= self._remembered:
            self._sweep()
        return self._hosts.setdefault(host, _Host(free_at=self._clock()))

    def _sweep(self) -> None:
        now = self._clock()
        idle = [host for host, state in self._hosts.items() if not state.users and state.free_at <= now]
        for host in idle:
            del self._hosts[host]

    async def _pause(self, state: _Host) -> None:
        wait = state.free_at - self._clock()
        if wait > 0:
            await self._sleep(wait)


class HostPauses:
    """Hosts that asked to be left alone, and until when; what has passed is forgotten."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._until)

    def ask(self, host: str, until: datetime, now: datetime) -> None:
        """Note a host's wish; the later of two wishes counts."""
        self._until = {name: end for name, end in self._until.items() if end > now}
        self._until[host] = max(until, self._until.get(host, until))

    def until(self, host: str, now: datetime) -> datetime | None:
        """Return when the host may be asked again; None for now."""
        end = self._until.get(host)
        return end if end and end > now else None


class TaskSlots:
    """Lets some tasks at a time go on with what costs memory; a task keeps its slot until it ends.

    So what it makes of a large body is counted, too. Belongs to one event loop.
    """

    def __init__(self, number: int) -> None:
        self._free = asyncio.Semaphore(number)
        self._holders: set[asyncio.Task[Any]] = set()

    async def take(self) -> None:
        """Wait for a slot for the running task, unless it has one."""
        task = asyncio.current_task()
        assert task is not None
        if task in self._holders:
            return
        await self._free.acquire()
        self._holders.add(task)
        task.add_done_callback(self._give_back)

    def _give_back(self, task: "asyncio.Task[Any]") -> None:
        self._holders.discard(task)
        self._free.release()
