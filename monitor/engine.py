"""Where work runs: a loop for coroutines, threads, processes or the caller's own thread, all driven by one generator.

The only door to pools. An executor here is anything with the `submit` of `concurrent.futures.Executor`.
"""

import asyncio
import functools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Hashable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from itertools import islice
from queue import SimpleQueue
from typing import Any, TypeVar

Claim = TypeVar("Claim")
Value = TypeVar("Value")


class InlineExecutor(Executor):
    """Runs each piece of work at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Value], /, *args: Any, **kwargs: Any) -> "Future[Value]":
        """Run `fn` now and return its finished future."""
        future: Future[Value] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  the future carries it to whoever asks for the result
            future.set_exception(error)
        return future


class LoopExecutor(Executor):
    """Runs coroutine functions side by side on one event loop, in a thread of its own.

    Clients that belong to a loop (an HTTP connection pool) live as long as the executor, over many jobs.
    """

    def __init__(self, name: str = "loop") -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., Coroutine[Any, Any, Value]], /, *args: Any, **kwargs: Any) -> "Future[Value]":  # type: ignore[override]  # coroutine functions, not plain ones
        """Start `fn(*args)` on the loop and return its future."""
        return asyncio.run_coroutine_threadsafe(fn(*args, **kwargs), self._loop)

    def run(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        """Run one coroutine on the loop and return what it gives; blocks."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel what still runs, stop the loop and, with `wait`, join its thread."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(lambda: self._loop.create_task(self._stop()))
        if wait:
            self._thread.join()
            self._loop.close()

    async def _stop(self) -> None:
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._loop.stop()


class Lanes:
    """Threads of its own for each name, so that work of one name never waits for that of another."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str) -> Executor:
        """Return the lane of a name, made when it is asked for first."""
        with self._lock:
            if name not in self._lanes:
                self._lanes[name] = ThreadPoolExecutor(self._threads, f"lane-{name}")
            return self._lanes[name]

    def shutdown(self) -> None:
        """Wait for what is under way, and end all threads."""
        with self._lock:
            lanes, self._lanes = self._lanes, {}
        for lane in lanes.values():
            lane.shutdown()


def process_pool(workers: int, initializer: Callable[..., object], *args: Any) -> ProcessPoolExecutor:
    """Return a pool of `workers` processes, each set up by `initializer(*args)`; they end when this process does."""
    # spawn: a fork of a process with threads may copy a lock that its holder never releases there.
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(os.getpid(), initializer, args),
    )


def _start_worker(parent: int, initializer: Callable[..., object], args: tuple[Any, ...]) -> None:
    # A worker that waits on its queue does not notice that the daemon was killed; it would wait for ever.
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    initializer(*args)


def _end_with(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1.0)
    os._exit(1)


def completed(
    executor: Executor,
    work: Callable[[Claim], Any],
    claims: Iterable[Claim],
    *,
    ordered: bool = False,
    window: int = 64,
) -> Iterator[tuple[Claim, Any]]:
    """Yield (claim, what `work(claim)` gave or the exception that ended it) as the work completes.

    Claims are drawn one by one, at most `window` are under way. With `ordered` the results come in the order of the
    claims, else as they finish. An error belongs to its claim: the others go on.
    """
    together = completed_in_order if ordered else completed_together
    for batch in together(executor, work, claims, window=window, most=1):
        yield from batch


def completed_in_order(
    executor: Executor, work: Callable[[Claim], Any], claims: Iterable[Claim], *, window: int, most: int
) -> Iterator[list[tuple[Claim, Any]]]:
    """Yield the same as `completed`, in the order of the claims, in lists of what is there: one to `most`."""
    waiting = iter(claims)
    running: deque[tuple[Claim, Future[Any]]] = deque()
    while True:
        for claim in islice(waiting, window - len(running)):
            running.append((claim, executor.submit(work, claim)))
        if not running:
            return
        wait([running[0][1]])
        batch = [running.popleft()]
        while running and len(batch) < most and running[0][1].done():
            batch.append(running.popleft())
        yield [(claim, _outcome(future)) for claim, future in batch]


def completed_together(
    executor: Executor, work: Callable[[Claim], Any], claims: Iterable[Claim], *, window: int, most: int
) -> Iterator[list[tuple[Claim, Any]]]:
    """Yield the same as `completed`, as they finish, in lists of what is there: one at least and `most` at most."""
    waiting = iter(claims)
    # Held here: an event loop knows its tasks by weak references alone, and one that waits for something which nobody
    # else holds would be collected with it, and never end.
    running: set[Future[Any]] = set()
    # Each future reports itself, so that the cost of a result does not grow with the number of those under way.
    done: SimpleQueue[tuple[Claim, Future[Any]]] = SimpleQueue()
    while True:
        for claim in islice(waiting, window - len(running)):
            future = executor.submit(work, claim)
            running.add(future)
            future.add_done_callback(functools.partial(_report, done, claim))
        if not running:
            return
        batch = [done.get()]
        while len(batch) < most and not done.empty():
            batch.append(done.get())
        running.difference_update(future for _, future in batch)
        yield [(claim, _outcome(future)) for claim, future in batch]


def _report(done: "SimpleQueue[tuple[Claim, Future[Any]]]", claim: Claim, future: "Future[Any]") -> None:
    done.put((claim, future))


def _outcome(future: "Future[Any]") -> Any:
    return future.exception() or future.result()


def batched(values: Iterable[Value], most: int) -> Iterator[list[Value]]:
    """Yield values in lists of up to `most`, each drawn when it is asked for (from 3.12 on `itertools.batched`)."""
    waiting = iter(values)
    while few := list(islice(waiting, most)):
        yield few


def drained(
    ask: Callable[[], Iterable[Claim]], *, by: Callable[[Claim], Hashable], stopping: threading.Event
) -> Iterator[Claim]:
    """Yield what is due, batch after batch, each claim once in this pass, until a batch brings nothing unseen.

    When the work is to stop, what was not handed out yet stays due.
    """
    seen: set[Hashable] = set()
    while fresh := [claim for claim in ask() if by(claim) not in seen]:
        for claim in fresh:
            if stopping.is_set():
                return
            seen.add(by(claim))
            yield claim
