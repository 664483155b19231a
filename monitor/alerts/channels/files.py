"""`file:PATH` appends messages as lines of JSON."""

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from monitor.alerts.channels.parts import record
from monitor.errors import DeliveryError
from storage.types import Delivery


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Appends each message as one line of JSON.

    A line is written by one call and is on the disk before it counts as sent. A crash between the two writes it again
    after the restart: readers drop lines whose `key` they know.
    """

    name: str
    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def send(self, delivery: Delivery) -> None:
        """Append the message; raises DeliveryError when the file cannot be written."""
        line = json.dumps(record(delivery), ensure_ascii=False).encode() + b"\n"
        try:
            with self.lock:
                _append(self.path, line)
        except OSError as error:
            raise DeliveryError(self.name, f"cannot write {self.path}: {error.strerror}") from error


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        # A line cut short by a crash or a full disk must not swallow the next one.
        whole = line if _ends_a_line(descriptor) else b"\n" + line
        if os.write(descriptor, whole) < len(whole):
            raise OSError(0, "the disk took only a part of the line")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
