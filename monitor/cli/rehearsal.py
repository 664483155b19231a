"""Stories replayed into databases of their own, for their mentions to be compared with what was to be told."""

import tempfile
from pathlib import Path

from monitor.config import Config
from monitor.evaluation.stories import StoryMention
from monitor.recording import read_recording
from monitor.replay import replay
from storage.store import Store

# Background is stored with its event and never told to anybody.
MENTIONS = """
SELECT m.guid, m.event_id, m.type, m.kind, m.actors, m.recipients, m.status, m.date_start, m.date_end,
       m.place_country, CASE WHEN m.background THEN 0 ELSE count(d.development_id) END AS developments
FROM v_mentions m LEFT JOIN v_developments d USING (mention_id)
GROUP BY m.mention_id, m.guid, m.event_id, m.type, m.kind, m.actors, m.recipients, m.status, m.date_start, m.date_end,
         m.place_country, m.background
"""


def rehearse(config: Config, recording: Path) -> tuple[StoryMention, ...]:
    """Return the mentions of a recorded story that was replayed into a new database; nothing is sent."""
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/story.db") as store:
        for _ in replay(config, store, read_recording(recording)):
            pass
        table = store.table("mentions", MENTIONS)
    return tuple(_mention(dict(zip(table.columns, row, strict=True))) for row in table.rows)


def _mention(row: dict[str, object]) -> StoryMention:
    start, end, country = row["date_start"], row["date_end"], row["place_country"]
    return StoryMention(
        item=str(row["guid"]),
        event=str(row["event_id"]),
        type=str(row["type"]),
        kind=str(row["kind"]),
        actors=_codes(row["actors"]),
        recipients=_codes(row["recipients"]),
        status=str(row["status"]),
        days=(str(start), str(end)) if start else None,
        country=str(country) if country else None,
        development=bool(row["developments"]),
    )


def _codes(joined: object) -> frozenset[str]:
    return frozenset(code for code in str(joined or "").split("+") if code)
