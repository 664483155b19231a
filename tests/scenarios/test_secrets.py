"""No secret of the configuration ever shows: not in logs, errors, commands, messages, or the database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clock import wall_clock
from tests.fakes import Entry, rss
from tests.monitor.cli.calling import demarche, program
from tests.receivers import mail_server
from tests.webserver import Answer, serving

CANARY = "c4n4ry-s3cr3t"

# One of each kind, with the canary wherever a secret may stand; each fails in a way that quotes it where it can.
CONFIG = """
database: sqlite:///secrets.db
poller: {{allow_networks: [127.0.0.0/8], min_gap: 0s}}
articles: {{read: false}}
logging: {{level: debug, format: {format}}}
feeds: ["{feed}"]
alerts:
  min_confidence: 0
  channels:
    refusing: {{url: "{web}/${{CANARY}}/refuse?token=${{CANARY}}", secret: "${{CANARY}}"}}
    failing: {{url: "{web}/${{CANARY}}/fail", secret: "${{file:canary}}"}}
    away: "http://${{CANARY}}:${{CANARY}}@127.0.0.1:1/${{CANARY}}#${{CANARY}}"
    nowhere: "https://${{CANARY}}.invalid/#${{CANARY}}"
    taking: {{url: "{web}/take", secret: "${{CANARY}}"}}
    mail: {{url: "{mail}", user: "${{CANARY}}", password: "${{CANARY}}"}}
    no-mail:
      url: "smtp://${{CANARY}}@127.0.0.1:1?tls=none&to=c@d.example"
      password: "${{CANARY}}"
      from: a@b.example
    gotify: "gotify://127.0.0.1:{port}/${{CANARY}}"
    ntfy: "ntfy://${{CANARY}}:${{CANARY}}@127.0.0.1:{port}/${{CANARY}}"
    file: "file:alerts.jsonl"
    atom: "atom:feeds"
  rules:
    - name: visits
      kinds: visit
      channels: [refusing, failing, away, nowhere, taking, mail, no-mail, gotify, ntfy, file, atom]
"""


@pytest.fixture(params=["text", "json"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose configuration has the canary in each channel, and receivers that quote what they refuse."""
    monkeypatch.setenv("CANARY", CANARY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canary").write_text(f"{CANARY}\n", encoding="utf-8")
    with ExitStack() as opened:
        web = opened.enter_context(serving())
        mail = opened.enter_context(mail_server(login=("somebody", "else")))
        web.answer(f"/{CANARY}/refuse?token={CANARY}", Answer(CANARY.encode(), status=403))
        web.answer(f"/{CANARY}/fail", Answer(CANARY.encode(), status=500))
        web.answer("/take", Answer())
        text = "Antonio Guterres will visit Moscow next week, a spokeswoman said."
        visit = Entry("v", "UN chief to visit Moscow", text, wall_clock() - timedelta(hours=1))
        feed = web.answer("/feed.xml", Answer(rss(visit), headers={"Content-Type": "application/rss+xml"}))
        written = CONFIG.format(feed=feed, web=web.url(""), port=web.port, mail=mail.url(), format=request.param)
        (tmp_path / "config.yaml").write_text(written, encoding="utf-8")
        yield tmp_path


def dump(database: Path) -> str:
    """Return all that a database holds, and what its views show."""
    with closing(sqlite3.connect(database)) as connection:
        views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
        shown = [connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in views]
        return "\n".join((*connection.iterdump(), repr(shown)))


@pytest.mark.slow
def test_no_secret_of_a_channel_shows_anywhere(folder: Path) -> None:
    done = program("once", cwd=folder)
    commands = [
        demarche(*words)
        for words in (
            ("check-config",),
            ("alerts", "list"),
            ("alerts", "list", "--json"),
            *(("alerts", "show", str(number)) for number in range(1, 12)),
            ("alerts", "retry", "--dead"),
            ("report", "alerts"),
        )
    ]
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("canary", "config.yaml")]

    assert b"deliver:" in done.stdout, done.stderr.decode()
    assert "HTTP 403" in done.stderr.decode()
    shown = "\n".join([*(one.output for one in commands), done.stdout.decode(), done.stderr.decode()])
    told = shown + dump(folder / "secrets.db")
    assert [line for line in told.splitlines() if CANARY in line] == []
    assert [path.name for path in files if CANARY.encode() in path.read_bytes()] == []
    assert "HTTP 403" in told  # what is wrong is told all the same


def test_no_secret_shows_where_the_configuration_is_wrong(folder: Path) -> None:
    path = folder / "config.yaml"
    wrong = path.read_text(encoding="utf-8").replace("gotify://", f"gotfy://{CANARY}").replace("tls=none", "tls=maybe")
    path.write_text(wrong.replace('file: "file:', f'file: "{CANARY}:'), encoding="utf-8")
    checked, run = demarche("check-config"), program("run", cwd=folder)

    assert checked.exit_code == 2
    assert run.returncode == 2
    assert CANARY not in checked.output + run.stdout.decode() + run.stderr.decode()
    assert os.environ["CANARY"] == CANARY
