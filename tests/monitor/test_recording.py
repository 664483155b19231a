"""Which files of a folder are snapshots, and in which order they are told."""

from pathlib import Path

import pytest

from monitor.errors import RecordingError
from monitor.recording import read_recording


def recorded(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<rss/>")
    return folder


def test_snapshots_of_all_feeds_are_told_in_time_order(tmp_path: Path) -> None:
    recorded(tmp_path, "post/20220423T080000Z.xml", "post/20220422T080000Z.xml", "wire/20220422T120000Z.xml")

    told = [(one.feed, one.at.isoformat()) for one in read_recording(tmp_path)]

    assert told == [
        ("post", "2022-04-22T08:00:00+00:00"),
        ("wire", "2022-04-22T12:00:00+00:00"),
        ("post", "2022-04-23T08:00:00+00:00"),
    ]


def test_files_beside_each_other_are_one_feed_named_like_the_folder(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "World News", "0002__20220422T080000Z.xml", "0001__20220422T080000Z.xml")

    snapshots = read_recording(folder)

    assert [one.path.name[:4] for one in snapshots] == ["0001", "0002"]
    assert {one.url for one in snapshots} == {"https://world-news.recording.invalid/"}


def test_a_day_stands_for_its_end(tmp_path: Path) -> None:
    recorded(tmp_path, "2022-04-22.xml")

    assert read_recording(tmp_path)[0].at.isoformat() == "2022-04-22T23:59:00+00:00"


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        pytest.param(["latest.xml"], "latest.xml", id="a name without an instant"),
        pytest.param(["2022-02-31.xml"], "2022-02-31.xml", id="a day that is none"),
        pytest.param(["notes.txt"], "holds no snapshot", id="no snapshot at all"),
    ],
)
def test_a_folder_that_is_no_recording_is_refused(tmp_path: Path, names: list[str], fault: str) -> None:
    recorded(tmp_path, *names)

    with pytest.raises(RecordingError, match=fault):
        read_recording(tmp_path)
