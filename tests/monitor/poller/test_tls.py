"""HTTPS on the checked address: the certificate and the server name are those of the host in the URL."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.poller.fetch import Fetcher
from monitor.poller.types import Fetched
from tests.monitor.poller.fetching import NOW, OPEN, run
from tests.webserver import Answer, WebServer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost` alone, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(file), "-out", str(file) + ".crt"]
    subprocess.run([openssl, *request.split(), *files], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def names() -> list[str | None]:
    """The server names that clients asked for, in order."""
    return []


@pytest.fixture
def secure(certificate: Path, names: list[str | None]) -> Iterator[WebServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, context: names.append(name)
    server = WebServer(tls=context)
    server.start()
    yield server
    server.stop()


def fetch(url: str, trusted: Path) -> Fetched:
    async def work() -> Fetched:
        fetcher = Fetcher(OPEN, now=lambda: NOW, tls=ssl.create_default_context(cafile=str(trusted)))
        try:
            fetched = await fetcher.fetch(url)
        finally:
            await fetcher.aclose()
        assert isinstance(fetched, Fetched)
        return fetched

    return run(work())


def test_server_is_asked_for_by_its_name_although_its_address_was_looked_up(
    secure: WebServer, certificate: Path, names: list[str | None]
) -> None:
    secure.answer("/feed", Answer(b"news"))

    fetched = fetch(secure.url("/feed", host="localhost"), certificate)

    assert fetched.body == b"news"
    assert names == ["localhost"]


def test_certificate_of_another_host_is_refused(secure: WebServer, certificate: Path) -> None:
    secure.answer("/feed", Answer(b"news"))

    with pytest.raises(FetchError) as caught:
        fetch(secure.url("/feed", host="127.0.0.1"), certificate)

    assert caught.value.reason == "tls"
    assert not secure.asked
