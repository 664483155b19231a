"""Threads that write to one SQLite file do so in the order in which they asked."""

import threading
from datetime import timedelta

import pytest

from storage.database import Turns
from storage.errors import StorageUnavailable


def test_turn_goes_to_who_has_waited_longest() -> None:
    turns, order = Turns(), list[str]()

    def write(name: str) -> None:
        with turns.turn():
            order.append(name)

    with turns.turn():
        threads = []
        for name in ("first", "second", "third"):
            threads.append(threading.Thread(target=write, args=(name,)))
            threads[-1].start()
            while len(turns.waiting) < len(threads):  # until it has asked
                pass
    for thread in threads:
        thread.join()

    assert order == ["first", "second", "third"]


def test_turn_that_does_not_come_is_given_up_and_harms_nobody() -> None:
    turns = Turns(timedelta(milliseconds=10))

    with turns.turn(), pytest.raises(StorageUnavailable), turns.turn():
        pass
    with turns.turn():
        assert not turns.waiting


def test_turn_is_handed_on_after_an_error() -> None:
    turns = Turns(timedelta(milliseconds=10))

    with pytest.raises(ValueError, match="x"), turns.turn():
        raise ValueError("x")
    with turns.turn():
        assert not turns.waiting
