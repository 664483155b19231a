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

from monitor.cli.rehearsal import rehearse
from monitor.config import Config
from monitor.evaluation.stories import StoryMention


def predictions(story: Path) -> Iterator[dict[str, Any]]:
    """Yield the mentions of one replayed story as the scorer reads them."""
    return (_prediction(story.name, mention) for mention in rehearse(Config(), story))


def _prediction(story: str, mention: StoryMention) -> dict[str, Any]:
    return {
        "item": mention.item,
        "story": story,
        "event": f"{story}/{mention.event}",
        "type": mention.type,
        "kind": mention.kind,
        "actors": sorted(mention.actors),
        "recipients": sorted(mention.recipients),
        "status": mention.status,
        "date": {"start": mention.days[0], "end": mention.days[1]} if mention.days else None,
        "place": mention.country,
        "development": mention.development,
    }


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
