"""What is quick to start stays quick: each case runs a fresh interpreter and asks what it loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What takes long to load, or reaches out: none of it belongs to a plain import.
HEAVY = ("spacy", "sqlalchemy", "apprise", "httpx", "trafilatura")

ASK = "import json, sys; print(json.dumps(sorted(name for name in sys.modules if '.' not in name)))"
# The command ends by SystemExit; what it prints goes to standard error, so that the answer stands alone.
CALL = """
import contextlib, sys
from monitor.cli import main
sys.argv = ["demarche", *{arguments!r}]
with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(SystemExit):
    main()
"""


def loaded_by(code: str, cwd: Path = ROOT) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after running some code."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"{code}\n{ASK}"]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(done.stdout))


def loaded_by_command(*arguments: str, cwd: Path) -> set[str]:
    """Return the same after running a command."""
    return loaded_by(CALL.format(arguments=list(arguments)), cwd)


@pytest.mark.parametrize("module", ["extractors", "extractors.types", "storage", "storage.types", "monitor"])
def test_a_plain_import_loads_nothing_heavy(module: str) -> None:
    loaded = loaded_by(f"import {module}")

    assert module.partition(".")[0] in loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_the_list_of_commands_loads_none_of_them(arguments: tuple[str, ...], tmp_path: Path) -> None:
    loaded = loaded_by_command(*arguments, cwd=tmp_path)

    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "command", ["check-config", "report", "report events", "feeds list", "roster list", "db upgrade"]
)
def test_what_reads_no_text_loads_no_spacy(command: str, tmp_path: Path) -> None:
    loaded = loaded_by_command(*command.split(), cwd=tmp_path)

    assert "sqlalchemy" in loaded
    assert loaded.isdisjoint({"spacy", "trafilatura"})


def test_the_extractors_read_texts_without_database_or_channels() -> None:
    loaded = loaded_by("import extractors.chain")

    assert "spacy" in loaded
    assert loaded.isdisjoint({"sqlalchemy", "apprise"})
