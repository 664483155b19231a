"""Work in pools: every claim ends in one outcome, a bounded number is under way."""

import asyncio
import functools
import gc
import os
import subprocess
import sys
import textwrap
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from monitor.engine import (
    InlineExecutor,
    LoopExecutor,
    completed,
    completed_in_order,
    completed_together,
    process_pool,
)


@pytest.fixture(params=["inline", "threads"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    pool: Executor = InlineExecutor() if request.param == "inline" else ThreadPoolExecutor(4)
    yield pool
    pool.shutdown()


@pytest.fixture
def loop() -> Iterator[LoopExecutor]:
    executor = LoopExecutor()
    yield executor
    executor.shutdown()


def halve(number: int) -> int:
    if number % 2:
        raise ValueError(number)
    return number // 2


def test_every_claim_ends_in_what_its_work_gave_or_its_error(executor: Executor) -> None:
    outcomes = dict(completed(executor, halve, range(6)))

    assert {claim: out for claim, out in outcomes.items() if isinstance(out, int)} == {0: 0, 2: 1, 4: 2}
    assert {claim for claim, out in outcomes.items() if isinstance(out, ValueError)} == {1, 3, 5}


def test_ordered_results_come_in_the_order_of_the_claims(executor: Executor) -> None:
    claims = [claim for claim, _ in completed(executor, halve, range(0, 40, 2), ordered=True, window=4)]

    assert claims == list(range(0, 40, 2))


def test_what_is_done_comes_together_in_the_order_of_the_claims(executor: Executor) -> None:
    batches = list(completed_in_order(executor, halve, range(0, 40, 2), window=8, most=4))

    assert [claim for batch in batches for claim, _ in batch] == list(range(0, 40, 2))
    assert max(map(len, batches)) <= 4
    if isinstance(executor, InlineExecutor):
        assert [len(batch) for batch in batches] == [4] * 5


def test_claims_are_drawn_only_as_the_window_has_room() -> None:
    drawn: list[int] = []

    def claims() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    results = completed(InlineExecutor(), lambda number: number, claims(), ordered=True, window=5)
    next(results)

    assert len(drawn) == 5


def test_coroutines_run_side_by_side_on_one_loop(loop: LoopExecutor) -> None:
    together = asyncio.Barrier(3)

    async def meet(number: int) -> tuple[int, int]:
        await together.wait()
        return number, threading.get_ident()

    outcomes = [outcome for _, outcome in completed(loop, meet, range(3))]

    assert sorted(number for number, _ in outcomes) == [0, 1, 2]
    assert len({thread for _, thread in outcomes}) == 1


def test_stopping_the_loop_cancels_what_still_runs() -> None:
    loop = LoopExecutor()
    ended = threading.Event()

    async def wait_for_ever(_: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = loop.submit(wait_for_ever, 1)
    loop.run(asyncio.sleep(0))
    loop.shutdown()

    assert ended.is_set()
    assert future.cancelled()


def test_workers_are_set_up_and_do_the_work() -> None:
    with process_pool(1, os.umask, 0o027) as pool:
        outcomes = list(completed(pool, os.umask, [0o027]))

    assert outcomes == [(0o027, 0o027)]


@pytest.mark.timeout(60)
def test_a_worker_ends_when_its_daemon_is_killed() -> None:
    daemon = textwrap.dedent("""
        import os, signal
        from monitor.engine import process_pool
        if __name__ == "__main__":
            pool = process_pool(1, os.getpid)
            print(pool.submit(os.getpid).result(), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    with subprocess.Popen([sys.executable, "-c", daemon], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        # The worker holds the other end of this pipe: there is an end to read only once it has ended.
        rest = process.stdout.read()

    assert worker != process.pid
    assert rest == ""


def test_work_that_only_waits_is_not_collected() -> None:
    loop = LoopExecutor()
    waits = threading.Event()

    async def wait_for_the_loop(claim: int) -> int:
        reader = asyncio.StreamReader()  # held by nobody but this task
        asyncio.get_running_loop().call_later(0.05, functools.partial(_feed, weakref.ref(reader)))
        waits.set()
        return len(await reader.read()) + claim

    together = completed_together(loop, wait_for_the_loop, [1], window=1, most=1)
    collector = threading.Thread(target=lambda: waits.wait(10) and gc.collect())
    collector.start()

    assert list(together) == [[(1, 2)]]
    collector.join()
    loop.shutdown()


def _feed(reader: "weakref.ref[asyncio.StreamReader]") -> None:
    if (there := reader()) is not None:
        there.feed_data(b"x")
        there.feed_eof()
