"""How the tests call the command line: in this process, or as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from monitor.cli import cli

ROOT = Path(__file__).parents[3]
# A terminal's own wishes must not decide how a test ends.
_UNSET = ("FORCE_COLOR", "NO_COLOR", "DEMARCHE_CONFIG", "DEMARCHE_DATABASE", "COLUMNS")


def demarche(*arguments: str | Path, given: str | bytes = "", env: Mapping[str, str | None] | None = None) -> Result:
    """Call a command in this process. Only what it exits by is caught; anything else fails the test."""
    wanted = {**dict.fromkeys(_UNSET), **(env or {})}
    result = CliRunner().invoke(cli, [str(one) for one in arguments], input=given, env=wanted, prog_name="demarche")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def program(*arguments: str | Path, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `python -m monitor` as a program of its own."""
    command = [sys.executable, "-m", "monitor", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, input=given, env=environment(), capture_output=True, timeout=120)


def environment() -> dict[str, str]:
    """Return this process' environment with the checkout on the path, and without what would steer the command."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"}
