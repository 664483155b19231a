"""A web server inside the daemon, in a thread of its own. The door to uvicorn."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from monitor.errors import MonitorError

# Hubs that push at the same time; more are told to come back (503), so that nobody takes the daemon's files and memory.
MOST_CONNECTIONS = 64
KEEPALIVE_SECONDS = 5
STOP_SECONDS = 5


@contextmanager
def serving(app: Any, host: str, port: int) -> Iterator[int]:
    """Serve an ASGI application until the end, and give the port (that of the system's choice for 0).

    Raises MonitorError, which says what to do, when the address cannot be listened at.
    """
    listening = _listening(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=KEEPALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="hubs", daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise MonitorError(
            f"websub.listen: {host}:{port} cannot be listened at ({error.strerror}); give another, or stop what uses it"
        ) from error
