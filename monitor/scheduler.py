"""What rings the bell: interval jobs, missed rings folded into one. The only door to APScheduler.

When something is due is a column of the database; a job here only asks for it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.clock import wall_clock

log = logging.getLogger(__name__)


class _Threads(BasePoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Threads that are ours: the library's own pool can only be waited for while it holds its lock (`stop`)."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        super().__init__(pool)


class Scheduler:
    """Interval jobs in threads of their own."""

    def __init__(self) -> None:
        # misfire_grace_time=None: a bell that rings late still rings. With APScheduler's default of one second,
        # 4,620 of 5,000 jobs started together were missed.
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )
        # The library warns at every ring that finds its job still running. Here that is the normal case of a job
        # that is busy; what it leaves due is seen at the next ring.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._threads = 0
        self._pool: ThreadPoolExecutor
        self._scheduler.add_listener(_log_crash, EVENT_JOB_ERROR)

    def every(self, seconds: float, name: str, job: Callable[[], object], *, instances: int = 1) -> None:
        """Run `job` every `seconds`; never more than so many of it at the same time."""
        self._scheduler.add_job(
            job, "interval", seconds=seconds, id=name, name=name, max_instances=instances, replace_existing=True
        )
        self._threads += instances

    def ring(self, name: str) -> None:
        """Run a job at once. One that runs already is left alone: it sees what is new, or its next turn does.

        Nothing happens for a name that no job has.
        """
        with suppress(JobLookupError):
            self._scheduler.modify_job(name, next_run_time=wall_clock())

    def start(self) -> None:
        """Start ringing. Each instance of a job has a thread, so that one that waits holds up no other."""
        self._pool = ThreadPoolExecutor(max(1, self._threads), "job")
        self._scheduler.add_executor(_Threads(self._pool))
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more, and wait for the jobs that run."""
        if self._scheduler.running:
            # The library would wait for its jobs with the lock in hand that a job needs to ring another's bell.
            self._scheduler.shutdown(wait=False)
            self._pool.shutdown(wait=True)


def _log_crash(event: JobExecutionEvent) -> None:
    log.error("job %s failed, it runs again at its next turn: %r", event.job_id, event.exception)
