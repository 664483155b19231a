"""How log lines look: text for people, or one JSON object a line for programs. Always on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime

# Libraries that say at INFO what our own lines already say, or print addresses with their credentials.
TALKATIVE = ("httpx", "httpcore", "apprise", "alembic", "asyncio", "trafilatura", "charset_normalizer")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message and, where there is one, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Send log lines of `level` and above (DEBUG, INFO, …) to standard error; replaces an earlier set-up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter()
        if as_json
        else logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
