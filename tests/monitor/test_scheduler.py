"""Bells: jobs run in turn, at once when another rings, and the end waits for those that run."""

import threading

import pytest

from monitor.scheduler import Scheduler

HOUR = 3600.0


@pytest.mark.timeout(60)
def test_a_job_runs_at_once_when_another_rings() -> None:
    scheduler, ran = Scheduler(), threading.Event()
    scheduler.every(HOUR, "second", ran.set)
    scheduler.every(0.05, "first", lambda: scheduler.ring("second"))
    scheduler.start()
    assert ran.wait(30)
    scheduler.stop()


@pytest.mark.timeout(60)
def test_a_job_that_rings_while_all_ends_does_not_hold_up_the_end() -> None:
    scheduler, running, rung = Scheduler(), threading.Event(), threading.Event()

    def rings_late() -> None:
        running.set()
        threading.Event().wait(0.5)  # meanwhile `stop` waits for it
        scheduler.ring("second")
        rung.set()

    scheduler.every(HOUR, "second", list)
    scheduler.every(0.05, "first", rings_late)
    scheduler.start()
    assert running.wait(30)
    scheduler.stop()
    assert rung.is_set()


def test_a_ring_for_a_job_that_is_not_there_is_none() -> None:
    Scheduler().ring("nobody")
