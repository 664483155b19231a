"""How well the whole pipeline follows real stories: replays each, and scores events, developments and silence.

    python benchmarks/story_scores.py [--shared ../shared] [--keep PREDICTIONS.jsonl]

Every story is replayed into a database of its own, its mentions are written in the form that the scorer of the shared
data reads, and that scorer prints its figures.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.config import Config
from monitor.recording import read_recording
from monitor.replay import replay
from storage.store import Store

MENTIONS = """
SELECT m.guid, m.event_id, m.type, m.kind, m.actors, m.recipients, m.status, m.date_start, m.date_end,
       m.place_country, m.background, count(d.development_id) AS developments
FROM v_mentions m LEFT JOIN v_developments d USING (mention_id)
GROUP BY m.mention_id, m.guid, m.event_id, m.type, m.kind, m.actors, m.recipients, m.status, m.date_start, m.date_end,
         m.place_country, m.background
"""


def predictions(story: Path) -> Iterator[dict[str, Any]]:
    """Yield the mentions of one replayed story as the scorer reads them."""
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/story.db") as store:
        for _ in replay(Config(), store, read_recording(story)):
            pass
        table = store.table("mentions", MENTIONS)
    for row in table.rows:
        yield _prediction(story.name, dict(zip(table.columns, row, strict=True)))


def _prediction(story: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": row["guid"],
        "story": story,
        "event": f"{story}/{row['event_id']}",
        "type": row["type"],
        "kind": row["kind"],
        "actors": _codes(row["actors"]),
        "recipients": _codes(row["recipients"]),
        "status": row["status"],
        "date": {"start": row["date_start"], "end": row["date_end"]} if row["date_start"] else None,
        "place": row["place_country"],
        # Background is stored with its event and never told to anybody.
        "development": bool(row["developments"]) and not row["background"],
    }


def _codes(joined: str) -> list[str]:
    return [code for code in joined.split("+") if code]


def main() -> None:
    """Replay all stories and print the scorer's figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--keep", type=Path, help="write the predictions here")
    options = parser.parse_args()
    stories = sorted((options.shared / "stories" / "stream").iterdir())
    lines = [json.dumps(one) for story in stories for one in predictions(story)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        target = options.keep or Path(file.name)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        scorer, gold = options.shared / "eval" / "score_stories.py", options.shared / "stories" / "stories.json"
        subprocess.run([sys.executable, str(scorer), str(gold), str(target)], check=True)


if __name__ == "__main__":
    main()
