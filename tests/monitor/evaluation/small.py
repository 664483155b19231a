"""A small folder of gold data, in our own words, for tests that need no more."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TEXT = "Antonio Guterres will visit Moscow on Tuesday, a spokeswoman said."
EVENT: dict[str, Any] = {
    "type": "CONSULT",
    "kind": "visit",
    "actors": ["UN"],
    "recipients": ["RUS"],
    "place": {"country": "RUS", "name": "Moscow"},
    "date": {"start": "2022-04-26", "end": "2022-04-26"},
    "status": "planned",
    "evidence": "Antonio Guterres will visit Moscow on Tuesday",
    "background": False,
}
PASSAGE: dict[str, Any] = {"id": "p1", "set": "lines", "date": "2022-04-22", "text": TEXT, "gold": [EVENT]}
QUIET: dict[str, Any] = {
    "id": "q1",
    "set": "lines",
    "date": "2022-04-22",
    "text": "Rain kept the harbour market closed for a second day.",
    "gold": [],
}
PATHS = {name: f"gold/{name}.jsonl" for name in ("sentences", "articles", "detect")} | {
    "coded": "gold/coded/records.jsonl"
}


def gold_folder(folder: Path, **sets: Sequence[dict[str, Any]]) -> Path:
    """Write sets of records below a folder and return it."""
    for name, records in sets.items():
        path = folder / PATHS[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return folder
