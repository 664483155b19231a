"""The tables: complete, immutable, and a fault in a file names the file, the line and what was expected."""

import shutil
from pathlib import Path

import pytest

from extractors.errors import LexiconError
from extractors.lexicon import DATA, load, month_of
from extractors.lexicon.inflection import Form, forms, plurals


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def append(path: Path, line: str) -> int:
    """Add a line to a file and return its number."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1


FAULTS = [
    ("demonyms.csv", "QQQ,Quxian,Quxians", "expected an ISO 3166-1 alpha-3 code or XKX, not 'QQQ'"),
    ("names.csv", "Ruritania,GBR,kingdom", "expected one of state, region, seat, body, not 'kingdom'"),
    ("names.csv", "Ruritania,GBR", "expected 3 columns"),
    ("organisations.csv", "ABC,,", "expected a code and its names"),
    ("leaders.csv", "Rudolf Rassendyll,,,GBR,king,1999,1990-05,no,press", "expected a term that ends after it begins"),
    ("leaders.csv", "Rudolf Rassendyll,,,GBR,king,soon,,no,press", "expected a year or a year and month"),
    ("leaders.csv", "Rudolf Rassendyll,,,GBR,king,1999-13,,no,press", "expected a year or a year and month"),
    ("leaders.csv", "Rudolf Rassendyll,,,NOBODY,king,1999,,no,press", "expected a code of a state"),
    ("leaders.csv", "Rudolf Rassendyll,,,GBR,,1999,,no,press", "expected an office and a source"),
    ("leaders.csv", "Rudolf Rassendyll,,,GBR,king,1999,,perhaps,press", "expected one of yes, no, titled"),
    ("offices.csv", "court jester,fool", "expected one of title, voice, body, people, thing, not 'fool'"),
    ("reliability.csv", "no-such-frame,0.5", "expected the id of a frame"),
    ("reliability.csv", "visit,1.5", "expected a share from 0 to 1"),
]


@pytest.mark.parametrize(("file", "line", "expected"), FAULTS, ids=[f"{row[0]}-{row[2]}" for row in FAULTS])
def test_fault_in_a_table_names_file_line_and_expectation(folder: Path, file: str, line: str, expected: str) -> None:
    number = append(folder / file, line)
    with pytest.raises(LexiconError, match=rf"{file}:{number}: ") as caught:
        load(folder)
    assert expected in str(caught.value)


FRAME_FAULTS = [
    ("id: x\n    kind: picnic\n    verbs: eat", "expected a kind of AID"),
    ("id: x\n    kind: aid-military", "expected either verbs or nouns"),
    ("id: x\n    kind: aid-military\n    verbs: arm\n    colour: red", "expected one of"),
    ("id: x\n    kind: aid-military\n    verbs: arm\n    actor: whoever", "expected a role pattern or a preposition"),
    ("id: x\n    kind: aid-military\n    verbs: arm\n    status: maybe", "expected a status"),
    ("id: x\n    kind: aid-military\n    verbs: arm\n    polarity: up", "expected one of refused, negated"),
    ("kind: aid-military\n    verbs: arm", "expected the key 'id'"),
]


@pytest.mark.parametrize(("frame", "expected"), FRAME_FAULTS, ids=[row[1] for row in FRAME_FAULTS])
def test_fault_in_a_frame_names_file_line_and_expectation(folder: Path, frame: str, expected: str) -> None:
    (folder / "frames" / "aid.yaml").write_text(f"type: AID\nframes:\n  - {frame}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"aid\.yaml:[3-6]: ") as caught:
        load(folder)
    assert expected in str(caught.value)


def test_broken_yaml_names_its_line(folder: Path) -> None:
    (folder / "frames" / "aid.yaml").write_text("type: AID\nframes: [\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"aid\.yaml:\d+: expected well-formed YAML"):
        load(folder)


def test_missing_table_is_named(folder: Path) -> None:
    (folder / "parties.csv").unlink()
    with pytest.raises(LexiconError, match=r"parties\.csv:1: expected a readable"):
        load(folder)


def test_wrong_header_is_named(folder: Path) -> None:
    (folder / "parties.csv").write_text("code;names\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"parties\.csv:1: expected the header code,names"):
        load(folder)


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.*")), ids=lambda path: path.name)
def test_each_data_file_says_what_whence_and_under_which_licence(path: Path) -> None:
    head = path.read_text(encoding="utf-8")[:1500]
    assert all(word in head for word in ("# What:", "Source:", "Licence:", "Date:"))


def test_lexicon_is_read_once_per_folder() -> None:
    assert load() is load()


CASES = [
    ("visit", {"visits": Form.PRESENT, "visited": Form.PAST_OR_PARTICIPLE, "visiting": Form.GERUND}),
    ("deny", {"denies": Form.PRESENT, "denied": Form.PAST_OR_PARTICIPLE, "denying": Form.GERUND}),
    ("withdraw from", {"withdrew from": Form.PAST, "withdrawn from": Form.PARTICIPLE}),
    ("cancel", {"cancelled": Form.PAST_OR_PARTICIPLE, "canceled": Form.PAST_OR_PARTICIPLE}),
    ("submit", {"submitted": Form.PAST_OR_PARTICIPLE, "submitting": Form.GERUND}),
    ("free", {"freed": Form.PAST_OR_PARTICIPLE, "freeing": Form.GERUND}),
    ("plot", {"plotted": Form.PAST_OR_PARTICIPLE, "plotting": Form.GERUND}),
    ("die", {"died": Form.PAST_OR_PARTICIPLE, "dying": Form.GERUND}),
    ("torpedo", {"torpedoes": Form.PRESENT, "torpedoed": Form.PAST_OR_PARTICIPLE}),
    ("sink", {"sank": Form.PAST, "sunk": Form.PARTICIPLE}),
    ("co-lead", {"co-leads": Form.PRESENT, "co-led": Form.PAST_OR_PARTICIPLE}),
    ("have", {"has": Form.PRESENT, "had": Form.PAST_OR_PARTICIPLE, "having": Form.GERUND}),
]


@pytest.mark.parametrize(("verb", "expected"), CASES, ids=[case[0] for case in CASES])
def test_verbs_are_inflected(verb: str, expected: dict[str, Form]) -> None:
    assert expected.items() <= dict(forms(verb)).items()


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("embassy", ("embassies",)),
        ("spokeswoman", ("spokeswomen",)),
        ("crisis", ("crises",)),
        ("embargo", ("embargoes", "embargos")),
        ("aircraft", ()),
        ("talks", ()),
        ("virus", ("viruses",)),
    ],
)
def test_nouns_have_their_plural(noun: str, expected: tuple[str, ...]) -> None:
    assert plurals(noun) == expected


def test_number_behind_a_name_is_no_surname() -> None:
    assert {"II", "III", "Jr", "Jr."}.isdisjoint(load().surnames)


def test_every_member_of_the_united_nations_has_a_leader_today() -> None:
    now = month_of(2026, 6)
    serving = {one.code for terms in load().leaders.values() for one in terms if one.first <= now <= one.last}
    assert members() - serving == set()


def members() -> frozenset[str]:
    """Return the codes of the demonyms' table: all members and observers of the United Nations, Taiwan and Kosovo."""
    lines = (DATA / "demonyms.csv").read_text(encoding="utf-8").splitlines()
    codes = frozenset(line.split(",")[0] for line in lines if line and not line.startswith(("#", "code")))
    return codes - {"ESH", "FRO"}
