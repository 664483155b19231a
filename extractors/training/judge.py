"""Trains the judge from annotated passages: `python -m extractors.training.judge` (a part of `make model`).

What decides at a later stage learns from what the earlier stages say of passages that they have not seen: each of
those is fitted on folds. Only this module needs scikit-learn and SciPy; what it writes is read with numpy alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from extractors.judge.acts import act_features
from extractors.judge.gists import gist_features
from extractors.judge.linear import Floats, Linear
from extractors.judge.model import NO_ACT, Judge
from extractors.judge.roles import parties_near, role_features
from extractors.judge.statuses import status_features
from extractors.judge.text import Text
from extractors.judge.trees import Trees
from extractors.judge.verdict import SIDES, TYPES, Sight, by_code, odds, ranks, side_numbers, type_numbers
from extractors.ontology import SYMMETRIC_KINDS, TYPE_OF, EventType, Kind, Status

Array = NDArray[np.float64]
FOLDS = 5
# Chosen by cross-validation on the development half of the annotated passages (2026-11): type F1 changed by less than
# a point between half and twice of each.
PENALTY = 2.0
ROLE_PENALTY = 1.0
FEWEST = 3  # a feature that fewer samples have is dropped
LIGHT = 0.02  # so is one whose weights are all smaller than this
# Other words of an event's evidence may well tell it, too: they hardly count as telling nothing.
BESIDE = 0.2
ALTERNATIVE = 0.3  # how much of a label goes to a second accepted type
BACKGROUND = 0.3  # weight of what is optional


@dataclass(frozen=True, slots=True)
class Told:
    """An annotated event of a passage. `words` are the tokens that its evidence covers (all, where none is given)."""

    type: EventType
    kind: Kind
    other_type: EventType | None
    actors: frozenset[str]
    recipients: frozenset[str]
    status: Status
    background: bool
    words: frozenset[int]
    located: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """A passage with what it tells. `weight` is how much it counts."""

    text: Text
    told: tuple[Told, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A word of a lesson's sentence that tells an annotated event."""

    lesson: int
    token: int
    told: Told


def train(lessons: Sequence[Lesson], *, tell: Callable[[str], None] = lambda line: None) -> Judge:
    """Return a judge that has learned from all lessons. Minutes on one core for some thousand passages."""
    folds = np.arange(len(lessons)) % FOLDS
    words = [
        [(n, token) for n in range(len(lesson.text.sentences)) for token in lesson.text.candidates(n)]
        for lesson in lessons
    ]
    act_rows = [
        [act_features(lesson.text, token) for _, token in found] for lesson, found in zip(lessons, words, strict=True)
    ]
    tell(f"{sum(map(len, act_rows))} words of {len(lessons)} passages")
    samples = first_guess(lessons, words)
    acts_unseen = unseen(lambda part: fit_acts(lessons, words, act_rows, samples, part), act_rows, folds)
    samples = second_guess(lessons, words, acts_unseen)
    acts_unseen = unseen(lambda part: fit_acts(lessons, words, act_rows, samples, part), act_rows, folds)
    acts = fit_acts(lessons, words, act_rows, samples, range(len(lessons)))
    tell("acts fitted")
    gist_rows = [[gist_features(lesson.text, s) for s in range(len(lesson.text.sentences))] for lesson in lessons]
    gists_unseen = unseen(lambda part: fit_gists(lessons, gist_rows, samples, part), gist_rows, folds)
    gists = fit_gists(lessons, gist_rows, samples, range(len(lessons)))
    tell("gists fitted")
    sights = list(map(sights_of, lessons, words, acts_unseen, gists_unseen))
    types, least = fit_types(lessons, sights, samples, folds)
    tell(f"types fitted, least {least:.2f}")
    kinds = fit_kinds(lessons, samples)
    statuses = fit_statuses(lessons, samples)
    roles, sides, outcomes = fit_roles(lessons, samples, folds, tell)
    return Judge(acts, gists, types, kinds, roles, sides, statuses, least, fit_right(outcomes))


# --- which word tells an annotated event


def first_guess(lessons: Sequence[Lesson], words: Sequence[Sequence[tuple[int, int]]]) -> list[Sample]:
    """Return the word for each event that frames and grammar would choose."""
    return list(
        chosen(
            lessons, words, lambda lesson, place, told: grammatical(lessons[lesson].text, words[lesson][place][1], told)
        )
    )


def second_guess(
    lessons: Sequence[Lesson], words: Sequence[Sequence[tuple[int, int]]], seen: Sequence[Floats]
) -> list[Sample]:
    """Return the word for each event that a classifier which has not seen the passage finds most telling."""

    def score(lesson: int, place: int, told: Told) -> float:
        chance = seen[lesson][place][1 + TYPES.index(told.type)]
        return 3 * float(np.log(chance + 1e-4)) + 0.3 * grammatical(lessons[lesson].text, words[lesson][place][1], told)

    return list(chosen(lessons, words, score))


def chosen(
    lessons: Sequence[Lesson], words: Sequence[Sequence[tuple[int, int]]], score: Callable[[int, int, Told], float]
) -> Iterable[Sample]:
    """Yield the best scored word of each event; no word tells two."""
    for n, lesson in enumerate(lessons):
        used: set[int] = set()
        for told in lesson.told:
            places = [p for p, (_, token) in enumerate(words[n]) if token in told.words and token not in used]
            if places:
                token = words[n][max(places, key=lambda place: score(n, place, told))][1]
                used.add(token)
                yield Sample(n, token, told)


def grammatical(text: Text, token: int, told: Told) -> float:
    """Return how much frames and grammar speak for a word as the one that tells an event."""
    is_trigger = any(TYPE_OF[kind] is told.type for _, kind in text.frames.get(token, ()))
    is_proposed = any(p.type is told.type for p in text.proposals.get(token, ()))
    is_top = text.heads[token] not in told.words or text.heads[token] == token
    elsewhere = not told.located and not (told.actors | told.recipients) & set(text.codes(text.sentence_at[token]))
    return 3.0 * is_trigger + 2 * is_proposed + 2 * is_top + 0.5 * text.tags[token].startswith("VB") - 3 * elsewhere


# --- the linear classifiers


def fit_acts(
    lessons: Sequence[Lesson],
    words: Sequence[Sequence[tuple[int, int]]],
    rows: Sequence[Sequence[list[str]]],
    samples: Sequence[Sample],
    part: Iterable[int],
) -> Linear:
    """Return what tells a word's type."""
    labels = (NO_ACT, *TYPES)
    told = {(sample.lesson, sample.token): sample.told for sample in samples}
    features: list[list[str]] = []
    targets: list[Array] = []
    weights: list[float] = []
    for n in part:
        evidence = {word for one in lessons[n].told if one.located for word in one.words}
        for (_, token), row in zip(words[n], rows[n], strict=True):
            event = told.get((n, token))
            features.append(row)
            targets.append(target_of(event))
            beside = BESIDE if event is None and token in evidence else 1.0
            weights.append(lessons[n].weight * (BACKGROUND if event and event.background else beside))
    return fit(labels, features, np.array(targets), np.array(weights), PENALTY)


def target_of(told: Told | None) -> Array:
    """Return the share of each label."""
    target = np.zeros(1 + len(TYPES))
    if told is None:
        target[0] = 1
        return target
    target[1 + TYPES.index(told.type)] = 1
    if told.other_type and told.other_type is not told.type:
        target[1 + TYPES.index(told.type)] -= ALTERNATIVE
        target[1 + TYPES.index(told.other_type)] += ALTERNATIVE
    return target


def fit_gists(
    lessons: Sequence[Lesson], rows: Sequence[Sequence[list[str]]], samples: Sequence[Sample], part: Iterable[int]
) -> Linear:
    """Return what tells a sentence's types."""
    by_sentence: dict[tuple[int, int], list[Told]] = {}
    for sample in samples:
        by_sentence.setdefault((sample.lesson, lessons[sample.lesson].text.sentence_at[sample.token]), []).append(
            sample.told
        )
    features: list[list[str]] = []
    targets: list[Array] = []
    weights: list[float] = []
    for n in part:
        for sentence, row in enumerate(rows[n]):
            told = by_sentence.get((n, sentence), [])
            features.append(row)
            targets.append(
                sum((target_of(one) for one in told), np.zeros(1 + len(TYPES))) / len(told) if told else target_of(None)
            )
            weights.append(lessons[n].weight * (BACKGROUND if told and all(one.background for one in told) else 1.0))
    return fit((NO_ACT, *TYPES), features, np.array(targets), np.array(weights), ROLE_PENALTY)


def fit_kinds(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> Linear:
    """Return what tells an act's kind."""
    labels = tuple(Kind)
    features = [act_features(lessons[s.lesson].text, s.token) for s in samples]
    targets = np.eye(len(labels))[[labels.index(s.told.kind) for s in samples]]
    return fit(labels, features, targets, np.ones(len(samples)), ROLE_PENALTY)


def fit_statuses(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> Linear:
    """Return what tells where an act stands."""
    labels = tuple(Status)
    features = [status_features(lessons[s.lesson].text, s.token, s.told.kind) for s in samples]
    targets = np.eye(len(labels))[[labels.index(s.told.status) for s in samples]]
    return fit(labels, features, targets, np.ones(len(samples)), ROLE_PENALTY)


def fit(
    labels: Sequence[str],
    features: Sequence[Sequence[str]],
    targets: Array,
    weights: Array,
    penalty: float,
    *,
    rounds: int = 45,
) -> Linear:
    """Return a softmax classifier with a quadratic penalty, fitted by L-BFGS."""
    counts = Counter(feature for row in features for feature in set(row))
    rows = {feature: n for n, feature in enumerate(sorted(f for f, count in counts.items() if count >= FEWEST))}
    table = table_of(features, rows)
    transposed = table.T.tocsr()
    shape = (len(rows), len(labels))

    def loss(flat: Array) -> tuple[float, Array]:
        solution = flat.reshape(shape)
        scores = table @ solution
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        total = -(weights[:, None] * targets * logs).sum() + penalty / 2 * (solution**2).sum()
        slope = transposed @ ((np.exp(logs) - targets) * weights[:, None]) + penalty * solution
        return float(total), slope.ravel()

    found = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}
    )
    solution = found.x.reshape(shape)
    kept = [(feature, n) for feature, n in rows.items() if np.abs(solution[n]).max() >= LIGHT]
    return Linear(
        tuple(labels), {f: n for n, (f, _) in enumerate(kept)}, solution[[n for _, n in kept]].astype(np.float32)
    )


def table_of(features: Sequence[Sequence[str]], rows: dict[str, int]) -> csr_matrix:
    """Return the features as a table of ones."""
    columns = [[rows[f] for f in dict.fromkeys(row) if f in rows] for row in features]
    ends = np.cumsum([0, *(len(row) for row in columns)])
    flat = np.fromiter((n for row in columns for n in row), dtype=np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(columns), len(rows)))


def unseen(
    fit_part: Callable[[Iterable[int]], Linear], rows: Sequence[Sequence[list[str]]], folds: NDArray[np.int64]
) -> list[Floats]:
    """Return what classifiers say of lessons that they were not fitted on."""
    said: list[Floats] = [np.zeros((0, 0), dtype=np.float32)] * len(rows)
    for fold in range(FOLDS):
        model = fit_part([int(n) for n in np.flatnonzero(folds != fold)])
        for n in map(int, np.flatnonzero(folds == fold)):
            said[n] = model.probabilities(rows[n])
    return said


# --- the trees


def sights_of(lesson: Lesson, words: Sequence[tuple[int, int]], acts: Floats, gists: Floats) -> list[Sight]:
    """Return a lesson's sentences as the judge would see them."""
    sights = []
    for sentence in range(len(lesson.text.sentences)):
        places = [place for place, (n, _) in enumerate(words) if n == sentence]
        tokens = tuple(words[place][1] for place in places)
        sights.append(
            Sight(tokens, acts[places] if places else np.zeros((0, 1 + len(TYPES)), np.float32), gists[sentence])
        )
    return sights


def fit_types(
    lessons: Sequence[Lesson], sights: Sequence[list[Sight]], samples: Sequence[Sample], folds: NDArray[np.int64]
) -> tuple[Trees, float]:
    """Return what decides whether a sentence tells a type, and the best threshold on passages it has not seen."""
    told = {(s.lesson, lessons[s.lesson].text.sentence_at[s.token], s.told.type): s.told for s in samples}
    accepted = {(n, sentence, other) for (n, sentence, _), t in told.items() if (other := t.other_type)}
    keys = [
        (n, s, t) for n, found in enumerate(sights) for s, sight in enumerate(found) if sight.candidates for t in TYPES
    ]
    rows = np.array([type_numbers(lessons[n].text, sights[n], s, t) for n, s, t in keys], dtype=np.float32)
    right = np.array([key in told for key in keys])
    weight = np.array(
        [
            (
                BACKGROUND
                if key in told and told[key].background
                else 0.3
                if key in accepted and key not in told
                else 1.0
            )
            * lessons[key[0]].weight
            for key in keys
        ]
    )
    at = folds[[n for n, _, _ in keys]]
    scores = np.zeros(len(keys))
    for fold in range(FOLDS):
        model = boosted().fit(rows[at != fold], right[at != fold], sample_weight=weight[at != fold])
        scores[at == fold] = model.predict_proba(rows[at == fold])[:, 1]
    trees = trees_of(boosted().fit(rows, right, sample_weight=weight))
    return trees, best_threshold(keys, scores, right, accepted, told)


def best_threshold(
    keys: Sequence[tuple[int, int, EventType]],
    scores: Array,
    right: NDArray[np.bool_],
    accepted: set[tuple[int, int, EventType]],
    told: dict[tuple[int, int, EventType], Told],
) -> float:
    """Return the threshold with the best F1 of types by passage, where one type is counted once."""
    best: dict[tuple[int, EventType], float] = {}
    for (n, _, type_of), score in zip(keys, scores, strict=True):
        best[n, type_of] = max(best.get((n, type_of), 0.0), float(score))
    wanted = {(n, t) for (n, _, t), one in told.items() if not one.background}
    fine = {(n, t) for n, _, t in accepted} | {(n, t) for n, _, t in told}

    def f1(threshold: float) -> float:
        said = {key for key, score in best.items() if score >= threshold}
        hits = len(said & wanted)
        return 2 * hits / (len(said - (fine - wanted)) + len(wanted))

    return float(max(np.arange(0.15, 0.6, 0.01), key=f1))


def boosted() -> HistGradientBoostingClassifier:
    """Return trees to be fitted: few leaves and slow steps, since there are only some thousand events."""
    return HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=1.0,
        early_stopping=False,
    )


def trees_of(model: HistGradientBoostingClassifier) -> Trees:
    """Return fitted trees as plain arrays."""
    nodes: list[tuple[int, float, int, int, float]] = []
    roots: list[list[int]] = []
    depth = 0
    for round_ in model._predictors:  # noqa: SLF001 - scikit-learn has no other way to its trees
        roots.append([])
        for tree in round_:
            first = len(nodes)
            roots[-1].append(first)
            depth = max(depth, int(tree.nodes["depth"].max()))
            for place, node in enumerate(tree.nodes):
                left, right = (
                    (first + place,) * 2 if node["is_leaf"] else (first + int(node["left"]), first + int(node["right"]))
                )
                nodes.append(
                    (int(node["feature_idx"]), float(node["num_threshold"]), left, right, float(node["value"]))
                )
    columns = tuple(zip(*nodes, strict=True))
    return Trees(
        start=np.asarray(model._baseline_prediction, dtype=np.float32).reshape(-1),  # noqa: SLF001 - as above
        roots=np.array(roots, dtype=np.int32),
        feature=np.array(columns[0], dtype=np.int32),
        threshold=np.array(columns[1], dtype=np.float32),
        left=np.array(columns[2], dtype=np.int32),
        right=np.array(columns[3], dtype=np.int32),
        value=np.array(columns[4], dtype=np.float32),
        depth=depth,
    )


def fit_roles(
    lessons: Sequence[Lesson], samples: Sequence[Sample], folds: NDArray[np.int64], tell: Callable[[str], None]
) -> tuple[Linear, Trees, list[tuple[bool, float]]]:
    """Return what decides sides, name by name and code by code, and how sure it was of each sample's true sides."""
    parties = [parties_near(lessons[s.lesson].text, s.token) for s in samples]
    rows = [
        [role_features(lessons[s.lesson].text, s.token, party, s.told.kind, ranks(near)) for party in near]
        for s, near in zip(samples, parties, strict=True)
    ]
    at = folds[[s.lesson for s in samples]]

    def fit_part(part: Iterable[int]) -> Linear:
        chosen_ = [n for n in part if rows[n]]
        features = [row for n in chosen_ for row in rows[n]]
        labels = [side_of(samples[n].told, party.code) for n in chosen_ for party in parties[n]]
        weight = np.array([lessons[samples[n].lesson].weight for n in chosen_ for _ in parties[n]])
        return fit(SIDES, features, np.eye(3)[labels], weight, ROLE_PENALTY)

    said: list[Floats] = [np.zeros((0, 3), dtype=np.float32)] * len(rows)
    for fold in range(FOLDS):
        model = fit_part([int(n) for n in np.flatnonzero(at != fold)])
        for n in map(int, np.flatnonzero(at == fold)):
            said[n] = model.probabilities(rows[n])
    tell("roles fitted")
    grouped = [by_code(near, chances) if near else {} for near, chances in zip(parties, said, strict=True)]
    numbers = [
        side_numbers(lessons[s.lesson].text, s.token, s.told.kind, g) for s, g in zip(samples, grouped, strict=True)
    ]
    flat = np.array([row for found in numbers for row in found], dtype=np.float32)
    labels = np.array([side_of(s.told, code) for s, g in zip(samples, grouped, strict=True) for code in g])
    owner = np.array([n for n, g in enumerate(grouped) for _ in g])
    sides = np.zeros((len(flat), 3))
    for fold in range(FOLDS):
        seen = at[owner] != fold
        sides[~seen] = boosted().fit(flat[seen], labels[seen]).predict_proba(flat[~seen])
    outcomes = [outcome(samples[n].told, grouped[n], sides[owner == n]) for n in range(len(samples))]
    exact = np.mean([right for right, _ in outcomes])
    tell(f"sides fitted, parties all right in {exact:.3f} of unseen events")
    return fit_part(range(len(rows))), trees_of(boosted().fit(flat, labels)), outcomes


def side_of(told: Told, code: str) -> int:
    """Return the index of a code's side."""
    if code in told.actors:
        return SIDES.index("actor")
    return SIDES.index("recipient" if code in told.recipients else "none")


def outcome(told: Told, grouped: Iterable[str], sides: Array) -> tuple[bool, float]:
    """Return whether the sides of all codes together are right, and how sure they were."""
    if not len(sides):
        return not (told.actors or told.recipients), 0.0
    picked = {code: SIDES[int(row.argmax())] for code, row in zip(grouped, sides, strict=True)}
    actors = {code for code, side in picked.items() if side == "actor"}
    recipients = {code for code, side in picked.items() if side == "recipient"}
    sure = float(sides.max(axis=1).prod())
    if told.kind in SYMMETRIC_KINDS:
        return actors | recipients == told.actors | told.recipients, sure
    return actors == told.actors and recipients == told.recipients, sure


def fit_right(outcomes: Sequence[tuple[bool, float]]) -> tuple[float, float]:
    """Return the weights that turn the sureness of an act's sides into the share of acts with all parties right."""
    known = [(right, odds(sure)) for right, sure in outcomes if sure]
    model = LogisticRegression(C=100.0).fit([[sure] for _, sure in known], [right for right, _ in known])
    return float(model.intercept_[0]), float(model.coef_[0][0])
