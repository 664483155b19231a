"""What the poller's tests share: a real server on loopback."""

from collections.abc import Iterator

import pytest

from tests.webserver import WebServer, serving


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving() as web:
        yield web
