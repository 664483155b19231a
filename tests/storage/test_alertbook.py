"""What rules have on their mind, row by row, on both databases."""

from datetime import UTC, datetime

import pytest

from extractors.ontology import Status
from storage import snapshots
from storage.errors import NotFound
from storage.matches import Message, MessageKind, Silenced
from storage.store import Store
from storage.types import Change, FieldChange, NewDevelopment, Settled
from tests.builders import HOUR, NOW, a_development, a_mention, a_new_delivery, an_event, later
from tests.storage.filling import enqueue, match, read_items, record_settlement, settle, silence, tell

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def settled(store: Store) -> Settled:
    """The planned visit, told by one publisher."""
    return settle(store, read_items(store, "visit-1")[0])


# ---------------------------------------------------------------- settlements


@pytest.mark.parametrize("changes", [{}, {"place": None, "date": None}, {"counts": (("attending", "about 40"),)}])
def test_a_snapshot_gives_back_what_it_was_made_of(changes: dict[str, object]) -> None:
    told = Settled(an_event(**changes), (a_development(), a_development(id=2, published_at=None)), corroborated=True)

    assert snapshots.from_text(snapshots.to_text(told), corroborated=True) == told


def test_a_snapshot_of_a_version_that_kept_more_is_read() -> None:
    text = snapshots.to_text(Settled(an_event(), (), corroborated=False)).replace('"id"', '"charm":3,"id"', 1)

    assert snapshots.from_text(text, corroborated=False).event == an_event()


def test_a_settlement_keeps_the_event_as_it_stood(store: Store, settled: Settled) -> None:
    kept = record_settlement(store, settled)
    change = FieldChange(Change.STATUS, "planned", "cancelled")
    item = store.item(1)
    settle(
        store, item, a_mention(status=Status.CANCELLED), NewDevelopment(settled.event, (change,), "off"), at=later(1)
    )
    with store.alert_book() as book:
        first = book.settlements_since(NOW)[0]

    assert store.event(settled.event.id).status is Status.CANCELLED
    assert (first.id, first.at, first.settled.event.status) == (kept.id, NOW, Status.PLANNED)


def test_what_an_earlier_version_settled_comes_with_its_event_of_today(store: Store, settled: Settled) -> None:
    with store.alert_book() as book:
        (bare,) = book.settlements_since(LONG_AGO)
        assert book.settlement_of(1) == bare

    assert (bare.at, bare.settled.event, bare.settled.developments) == (NOW, settled.event, settled.developments)


def test_a_confirmation_comes_with_what_was_told_before(store: Store, settled: Settled) -> None:
    record_settlement(store, settled)
    record_settlement(store, Settled(settled.event, (), corroborated=True), later(1))
    with store.alert_book() as book:
        _, confirmation = book.settlements_since(NOW)

    assert confirmation.settled.earlier == settled.developments


def test_history_begins_where_it_is_asked_from(store: Store, settled: Settled) -> None:
    record_settlement(store, settled)
    with store.alert_book() as book:
        assert book.settlements_since(later(1)) == ()


def test_a_development_that_is_not_there_is_told(store: Store) -> None:
    with store.alert_book() as book, pytest.raises(NotFound, match="no development 7"):
        book.settlement_of(7)


# ---------------------------------------------------------------- matches and messages


def test_a_match_that_was_told_is_open_no_more(store: Store, settled: Settled) -> None:
    made = match(store, record_settlement(store, settled))
    with store.alert_book() as book:
        before = book.open_matches("visits")
    tell(store, made)
    with store.alert_book() as book:
        assert (before, book.open_matches("visits"), book.all_open()) == ((made,), (), ())


def test_a_message_is_read_as_it_was_written(store: Store, settled: Settled) -> None:
    message = tell(store, match(store, record_settlement(store, settled)), at=later(2))
    with store.alert_book() as book:
        assert book.messages_about(settled.developments[0].id) == (message,)
        assert book.told_since("visits", later(1)) == (message,)
        assert book.told_since("visits", later(2)) == ()
        assert book.told_since("others", LONG_AGO) == ()


def test_a_silenced_match_names_its_silence(store: Store, settled: Settled) -> None:
    made = match(store, record_settlement(store, settled))
    about = silence(store, kind="visit")
    with store.begin() as tx:
        tx.alerts.record_message(Message("visits", MessageKind.ALERT, NOW, (), (Silenced(made, about.id),)))
    with store.alert_book() as book:
        (read,) = book.messages_about(1)

    assert read.silenced == (Silenced(made, about.id),)
    assert store.table("x", "SELECT state FROM alert_matches").rows == (("silenced",),)


def test_a_reminder_leaves_a_match_told(store: Store, settled: Settled) -> None:
    made = match(store, record_settlement(store, settled))
    tell(store, made)
    tell(store, made, at=later(1), kind=MessageKind.REMINDER)

    assert store.table("x", "SELECT state FROM alert_matches").rows == (("told",),)


def test_what_was_told_by_an_earlier_version_counts_as_matched(store: Store, settled: Settled) -> None:
    enqueue(store, a_new_delivery(1))
    with store.alert_book() as book:
        assert book.known_matches([1, 2]) == {("visits", 1)}


# ---------------------------------------------------------------- agenda


def test_a_rule_is_woken_at_the_earliest_instant(store: Store) -> None:
    with store.begin() as tx:
        for hours in (3, 1, 2):
            tx.alerts.wake("visits", later(hours), "settings")
        assert tx.alerts.due_rules(later(0.9)) == ()
        assert tx.alerts.due_rules(later(1)) == ("visits",)


def test_a_rule_that_was_looked_at_rests(store: Store) -> None:
    with store.begin() as tx:
        tx.alerts.wake("visits", NOW, "settings")
        tx.alerts.looked_at("visits", later(1), None)
        assert tx.alerts.due_rules(later(9)) == ()
        assert tx.alerts.through("visits") == later(1)


def test_a_rule_with_other_settings_is_looked_at(store: Store) -> None:
    with store.begin() as tx:
        tx.alerts.wake("same", later(5), "a")
        tx.alerts.wake("changed", later(5), "a")
        tx.alerts.put_in_force({"same": "a", "changed": "b"}, NOW)
        assert tx.alerts.due_rules(NOW) == ("changed",)


# ---------------------------------------------------------------- silences


def test_a_silence_is_read_as_it_was_written(store: Store, settled: Settled) -> None:
    made = silence(store, 4, event_id=1, rule="visits", kind="visit", actors=("RUS", "UN"), place="Moscow", comment="x")
    with store.alert_book() as book:
        assert book.silences() == (made,)
        assert book.silences(later(3.9)) == (made,)
        assert book.silences(later(4)) == ()


def test_a_silence_about_an_unknown_event_is_refused(store: Store) -> None:
    with pytest.raises(NotFound, match="no event 9"):
        silence(store, event_id=9)


def test_a_lifted_silence_is_in_force_until_then(store: Store) -> None:
    made = silence(store, 4, rule="visits")
    with store.begin() as tx:
        lifted = tx.alerts.lift_silence(made.id, later(1))
        again = tx.alerts.lift_silence(made.id, later(2))

    assert (lifted.is_in_force(later(0.5)), lifted.is_in_force(later(1))) == (True, False)
    assert again == lifted


def test_a_silence_that_is_not_there_is_told(store: Store) -> None:
    with store.begin() as tx, pytest.raises(NotFound, match="no silence 3"):
        tx.alerts.lift_silence(3, NOW)


# ---------------------------------------------------------------- acknowledgements


def test_an_acknowledgement_is_about_what_the_alert_tells_and_keeps_its_time(store: Store, settled: Settled) -> None:
    tell(store, match(store, record_settlement(store, settled)))
    enqueue(store, a_new_delivery(1))
    with store.begin() as tx:
        (first,) = tx.alerts.acknowledge(1, later(1), "seen")
        (again,) = tx.alerts.acknowledge(1, later(2), "seen again")
    with store.alert_book() as book:
        assert book.acknowledged(NOW) == {("visits", 1): later(1)}
        assert book.acknowledged(later(1)) == {}
        assert book.acknowledged_of(store.deliveries()) == {1: later(1)}

    assert first.acked_at == again.acked_at == NOW + HOUR


def test_an_alert_that_is_not_there_cannot_be_acknowledged(store: Store) -> None:
    with store.begin() as tx, pytest.raises(NotFound, match="no delivery 5"):
        tx.alerts.acknowledge(5, NOW, "")
