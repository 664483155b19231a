"""Trains the judge from annotated passages: `python -m extractors.training.judge` (a part of `make model`).

What decides at a later stage learns from what the earlier stages say of passages that they have not seen: each of
those is fitted on folds. Only this module needs scikit-learn and SciPy; what it writes is read with numpy alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from extractors.judge.acts import act_features, word_and_sort
from extractors.judge.classifier import Classifier, Floats, mean_of, softmax
from extractors.judge.gists import gist_features
from extractors.judge.model import NO_ACT, Judge
from extractors.judge.roles import parties_near, role_features
from extractors.judge.sides import SIDES, Grouped, by_code, ranks, side_numbers
from extractors.judge.sights import TYPES, Sight, odds, type_keys, type_rows
from extractors.judge.statuses import status_features
from extractors.judge.text import Text
from extractors.judge.trees import Trees
from extractors.ontology import SYMMETRIC_KINDS, TYPE_OF, EventType, Kind, Status
from extractors.training.network import Network, fit_network

Array = NDArray[np.float64]
FOLDS = 4
# Chosen by cross-validation on the development half of the annotated passages (2026-11): type F1 changed by less than
# a point between half and twice of each.
PENALTY = 2.0
GIST_PENALTY = 1.0
ROLE_PENALTY = 1.0
LABEL_PENALTY = 1.0
ROUNDS = 45
FEW_ROUNDS = 25  # where only the order of words matters
FEWEST = 4  # a feature that fewer samples have is dropped
LIGHT = 0.02  # so is one whose weights are all smaller than this
# Other words of an event's evidence may well tell it, too: they hardly count as telling nothing.
BESIDE = 0.2
ALTERNATIVE = 0.3  # how much of a label goes to a second accepted type
# A word that was seen so often and never found likelier than this to tell anything is not asked about any more. Chosen;
# together with other changes F1 of types on the held-out half was 0.684 after 0.686 (2026-11).
FEWEST_IDLE, MOST_IDLE = 5, 0.05
BACKGROUND = 0.3  # weight of what is optional
MOST_ALARMS = 0.08  # share of passages without an event in which one may be seen
# What a threshold may lose of the best F1 to raise fewer false alarms: on the held-out half 0.005 took them from 0.082
# to 0.074 of the passages, and F1 with the parties rose (2026-11).
NEARLY = 0.005


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
    """A passage with what it tells. `weight` is how much it counts; `written`: it was written to be learned from."""

    text: Text
    told: tuple[Told, ...]
    weight: float = 1.0
    written: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A candidate of a lesson: which sentence it is in, and which token."""

    lesson: int
    sentence: int
    token: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A word that tells an annotated event."""

    lesson: int
    token: int
    told: Told


@dataclass(frozen=True)
class Table:
    """Samples by named features, as ones."""

    names: tuple[str, ...]
    ones: csr_matrix


@dataclass(frozen=True)
class Fitted:
    """The weights of a linear classifier, a row for each feature, and the network beside it, where there is one."""

    weights: Floats
    network: Network | None

    def said_by(self, ones: csr_matrix) -> Floats:
        """Return what both say of samples."""
        linear = softmax(np.asarray(ones @ self.weights, dtype=np.float32))
        return mean_of(linear, self.network.said_by(ones)) if self.network else linear


def train(lessons: Sequence[Lesson], *, tell: Callable[[str], None] = lambda line: None) -> Judge:
    """Return a judge that has learned from all lessons. Minutes on one core for some thousand passages."""
    words = [
        Word(n, sentence, token)
        for n, lesson in enumerate(lessons)
        for sentence in range(len(lesson.text.sentences))
        for token in lesson.text.candidates(sentence)
    ]
    table = table_of([act_features(lessons[word.lesson].text, word.token) for word in words])
    tell(f"{len(words)} words of {len(lessons)} passages, {len(table.names)} features")
    samples, acts_said, acts = fit_acts(lessons, words, table)
    idle = idle_words(lessons, words, acts_said)
    tell(f"acts fitted, {len(idle)} words never tell any")
    gists_said, gists = fit_gists(lessons, samples)
    tell("gists fitted")
    asked = [n for n, word in enumerate(words) if not is_idle(lessons[word.lesson].text, word.token, idle)]
    sights = sights_of(lessons, [words[n] for n in asked], acts_said[asked], gists_said)
    types, least = fit_types(lessons, sights, samples)
    tell(f"types fitted, least {least:.2f}")
    roles, sides, outcomes = fit_roles(lessons, samples)
    tell(f"sides fitted, parties all right in {np.mean([right for right, _ in outcomes]):.3f} of unseen events")
    return Judge(
        acts=acts,
        gists=gists,
        types=types,
        kinds=fit_kinds(lessons, samples),
        roles=roles,
        sides=sides,
        statuses=fit_statuses(lessons, samples),
        least=least,
        right=fit_right(outcomes),
        idle=idle,
    )


# --- which words never tell any


def idle_words(lessons: Sequence[Lesson], words: Sequence[Word], said: Floats) -> frozenset[str]:
    """Return the words that classifiers which have not seen the passage never found likely to tell anything."""
    telling: dict[str, list[float]] = {}
    for word, chances in zip(words, said, strict=True):
        telling.setdefault(word_and_sort(lessons[word.lesson].text, word.token), []).append(1 - float(chances[0]))
    return frozenset(word for word, found in telling.items() if len(found) >= FEWEST_IDLE and max(found) <= MOST_IDLE)


def is_idle(text: Text, token: int, idle: frozenset[str]) -> bool:
    """Say whether a word is not asked about; the triggers of frames always are."""
    return token not in text.frames and word_and_sort(text, token) in idle


# --- which word tells an annotated event


def first_guess(lessons: Sequence[Lesson], words: Sequence[Word]) -> list[Sample]:
    """Return the word for each event that frames and grammar would choose."""
    return list(chosen(lessons, words, lambda n, told: grammatical(lessons, words[n], told)))


def second_guess(lessons: Sequence[Lesson], words: Sequence[Word], said: Floats) -> list[Sample]:
    """Return the word for each event that a classifier which has not seen the passage finds most telling."""

    def score(n: int, told: Told) -> float:
        chance = float(said[n][1 + TYPES.index(told.type)])
        return 3 * float(np.log(chance + 1e-4)) + 0.3 * grammatical(lessons, words[n], told)

    return list(chosen(lessons, words, score))


def chosen(lessons: Sequence[Lesson], words: Sequence[Word], score: Callable[[int, Told], float]) -> Iterator[Sample]:
    """Yield the best scored word of each event; no word tells two."""
    for n, places in places_by_lesson(words).items():
        used: set[int] = set()
        for told in lessons[n].told:
            fitting = [p for p in places if words[p].token in told.words and words[p].token not in used]
            if fitting:
                token = words[max(fitting, key=lambda place: score(place, told))].token
                used.add(token)
                yield Sample(n, token, told)


def places_by_lesson(words: Sequence[Word]) -> dict[int, list[int]]:
    """Return the places of each lesson's words."""
    found: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        found.setdefault(word.lesson, []).append(place)
    return found


def grammatical(lessons: Sequence[Lesson], word: Word, told: Told) -> float:
    """Return how much frames and grammar speak for a word as the one that tells an event."""
    text, token = lessons[word.lesson].text, word.token
    is_trigger = any(TYPE_OF[kind] is told.type for _, kind in text.frames.get(token, ()))
    is_proposed = any(p.type is told.type for p in text.proposals.get(token, ()))
    is_top = text.heads[token] not in told.words or text.heads[token] == token
    elsewhere = not told.located and not (told.actors | told.recipients) & set(text.codes(word.sentence))
    return 3.0 * is_trigger + 2 * is_proposed + 2 * is_top + 0.5 * text.tags[token].startswith("VB") - 3 * elsewhere


# --- the classifiers over named features


def fit_acts(lessons: Sequence[Lesson], words: Sequence[Word], table: Table) -> tuple[list[Sample], Floats, Classifier]:
    """Return the word of each event, what is said of words by classifiers that have not seen them, and the last one."""
    labels, at = (NO_ACT, *TYPES), folds_of(word.lesson for word in words)
    samples = first_guess(lessons, words)
    said = unseen(table, *act_targets(lessons, words, samples), PENALTY, at, fit=quickly)
    samples = second_guess(lessons, words, said)
    targets, weights = act_targets(lessons, words, samples)
    said = unseen(table, targets, weights, PENALTY, at)
    return samples, said, classifier_of(labels, table, fit(table.ones, targets, weights, PENALTY))


def act_targets(lessons: Sequence[Lesson], words: Sequence[Word], samples: Sequence[Sample]) -> tuple[Floats, Floats]:
    """Return the share of each label in each word, and how much the word counts."""
    told = {(sample.lesson, sample.token): sample.told for sample in samples}
    evidence = [{word for one in lesson.told if one.located for word in one.words} for lesson in lessons]
    events = [told.get((word.lesson, word.token)) for word in words]
    weights = [
        lessons[word.lesson].weight * weight_of(event, beside=word.token in evidence[word.lesson])
        for word, event in zip(words, events, strict=True)
    ]
    return np.array([target_of(event) for event in events]), np.array(weights, dtype=np.float32)


def weight_of(told: Told | None, *, beside: bool) -> float:
    """Return how much a word counts; `beside`: it is in the evidence of an event that another word tells."""
    if told is None:
        return BESIDE if beside else 1.0
    return BACKGROUND if told.background else 1.0


def target_of(told: Told | None) -> Floats:
    """Return the share of each label."""
    target = np.zeros(1 + len(TYPES), dtype=np.float32)
    if told is None:
        target[0] = 1
        return target
    target[1 + TYPES.index(told.type)] = 1
    if told.other_type and told.other_type is not told.type:
        target[1 + TYPES.index(told.type)] -= ALTERNATIVE
        target[1 + TYPES.index(told.other_type)] += ALTERNATIVE
    return target


def fit_gists(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> tuple[dict[tuple[int, int], Floats], Classifier]:
    """Return what is said of sentences by classifiers that have not seen them, and the one that has seen all."""
    told: dict[tuple[int, int], list[Told]] = {}
    for sample in samples:
        told.setdefault((sample.lesson, lessons[sample.lesson].text.sentence_at[sample.token]), []).append(sample.told)
    keys = [(n, s) for n, lesson in enumerate(lessons) for s in range(len(lesson.text.sentences))]
    targets = np.array([np.mean([target_of(one) for one in told.get(key, [None])], axis=0) for key in keys])
    weights = np.array(
        [lessons[n].weight * min(weight_of(one, beside=False) for one in told.get((n, s), [None])) for n, s in keys]
    )
    table = table_of([gist_features(lessons[n].text, s) for n, s in keys])
    said = unseen(table, targets, weights, GIST_PENALTY, folds_of(n for n, _ in keys))
    fitted = fit(table.ones, targets, weights, GIST_PENALTY)
    return dict(zip(keys, said, strict=True)), classifier_of((NO_ACT, *TYPES), table, fitted)


def fit_kinds(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> Classifier:
    """Return what tells an act's kind."""
    table = table_of([act_features(lessons[s.lesson].text, s.token) for s in samples])
    return fit_labels(tuple(Kind), table, [s.told.kind for s in samples], fit, weights_of(lessons, samples))


def fit_statuses(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> Classifier:
    """Return what tells where an act stands; a network beside it made no better (.894 right instead of .899)."""
    table = table_of([status_features(lessons[s.lesson].text, s.token, s.told.kind) for s in samples])
    return fit_labels(tuple(Status), table, [s.told.status for s in samples], linearly, weights_of(lessons, samples))


def weights_of(lessons: Sequence[Lesson], samples: Sequence[Sample]) -> Floats:
    """Return how much the lesson of each sample counts."""
    return np.array([lessons[sample.lesson].weight for sample in samples], dtype=np.float32)


Fit = Callable[[csr_matrix, Floats, Floats, float], Fitted]


def fit_labels(labels: tuple[str, ...], table: Table, found: Sequence[str], how: Fit, weights: Floats) -> Classifier:
    """Return a classifier for samples of one label each."""
    targets = np.eye(len(labels), dtype=np.float32)[[labels.index(label) for label in found]]
    fitted = how(table.ones, targets, weights, LABEL_PENALTY)
    return classifier_of(labels, table, fitted)


def fit(ones: csr_matrix, targets: Floats, weights: Floats, penalty: float) -> Fitted:
    """Return weights, and a network over the features that weigh."""
    solution = heavy(solve(ones, targets, weights.astype(np.float32), penalty))
    kept = np.flatnonzero(solution.any(axis=1))
    network = fit_network(ones[:, kept], targets.astype(np.float32), weights.astype(np.float32))
    vectors = np.zeros((len(solution), network.vectors.shape[1]), dtype=np.float32)
    vectors[kept] = network.vectors
    return Fitted(solution, replace(network, vectors=vectors))


def heavy(solution: Floats) -> Floats:
    """Return weights without those of features that hardly weigh."""
    kept: Floats = solution * (np.abs(solution).max(axis=1, keepdims=True) >= LIGHT)
    return kept


def linearly(ones: csr_matrix, targets: Floats, weights: Floats, penalty: float) -> Fitted:
    """Return weights alone."""
    return Fitted(heavy(solve(ones, targets, weights, penalty)), None)


def quickly(ones: csr_matrix, targets: Floats, weights: Floats, penalty: float) -> Fitted:
    """Return weights alone that are not quite the best."""
    return Fitted(solve(ones, targets, weights, penalty, rounds=FEW_ROUNDS), None)


def solve(ones: csr_matrix, targets: Floats, weights: Floats, penalty: float, *, rounds: int = ROUNDS) -> Floats:
    """Return the weights of a softmax classifier with a quadratic penalty, found by L-BFGS."""
    shape = (ones.shape[1], targets.shape[1])
    transposed = ones.T.tocsr()
    share = targets * weights[:, None].astype(np.float32)
    mass = weights[:, None].astype(np.float32)

    def loss(flat: Array) -> tuple[float, Array]:
        solution = flat.astype(np.float32).reshape(shape)
        scores = ones @ solution
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        total = -float((share * logs).sum()) + penalty / 2 * float((solution**2).sum())
        slope = transposed @ (np.exp(logs) * mass - share) + penalty * solution
        return total, slope.ravel().astype(np.float64)

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6})
    solution: Floats = found.x.reshape(shape).astype(np.float32)
    return solution


def table_of(rows: Sequence[Sequence[str]]) -> Table:
    """Return samples as a table of those features that enough of them have."""
    counts = Counter(feature for row in rows for feature in set(row))
    names = tuple(sorted(feature for feature, count in counts.items() if count >= FEWEST))
    places = {name: n for n, name in enumerate(names)}
    columns = [[places[f] for f in dict.fromkeys(row) if f in places] for row in rows]
    ends = np.cumsum([0, *(len(row) for row in columns)])
    flat = np.fromiter((n for row in columns for n in row), dtype=np.int32, count=int(ends[-1]))
    ones = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(columns), len(names)))
    return Table(names, ones)


def classifier_of(labels: Sequence[str], table: Table, fitted: Fitted) -> Classifier:
    """Return what was fitted as a classifier, without the features that do not weigh."""
    kept = np.flatnonzero(fitted.weights.any(axis=1))
    rows = {table.names[int(n)]: place for place, n in enumerate(kept)}
    network, none = fitted.network, np.zeros(0, dtype=np.float32)
    columns = [fitted.weights[kept], *([network.vectors[kept]] if network else [])]
    return Classifier(
        labels=tuple(labels),
        rows=rows,
        table=np.vstack([np.hstack(columns), np.zeros(sum(part.shape[1] for part in columns))]).astype(np.float16),
        bias=network.bias if network else none,
        out=network.out if network else none,
        offset=network.offset if network else none,
    )


def folds_of(lessons: Iterable[int]) -> NDArray[np.int64]:
    """Return the fold of each sample, by its lesson: what is learned on a passage is never tried on it."""
    return np.fromiter(lessons, dtype=np.int64) % FOLDS


def unseen(
    table: Table, targets: Floats, weights: Floats, penalty: float, at: NDArray[np.int64], *, fit: Fit = fit
) -> Floats:
    """Return what classifiers say of samples of folds that they were not fitted on."""
    said = np.zeros_like(targets, dtype=np.float32)
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(at != fold), np.flatnonzero(at == fold)
        fitted = fit(table.ones[inside], targets[inside], weights[inside], penalty)
        said[outside] = fitted.said_by(table.ones[outside])
    return said


# --- the trees


def sights_of(
    lessons: Sequence[Lesson], words: Sequence[Word], acts: Floats, gists: dict[tuple[int, int], Floats]
) -> list[list[Sight]]:
    """Return each lesson's sentences as a judge that has not seen them would."""
    places: dict[tuple[int, int], list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault((word.lesson, word.sentence), []).append(place)
    return [
        [
            Sight(tuple(words[p].token for p in places.get((n, s), [])), acts[places.get((n, s), [])], gists[n, s])
            for s in range(len(lesson.text.sentences))
        ]
        for n, lesson in enumerate(lessons)
    ]


Key = tuple[int, int, EventType]  # lesson, sentence, type


def fit_types(
    lessons: Sequence[Lesson], sights: Sequence[list[Sight]], samples: Sequence[Sample]
) -> tuple[Trees, float]:
    """Return what decides whether a sentence tells a type, and the best threshold on passages it has not seen."""
    told = {(s.lesson, lessons[s.lesson].text.sentence_at[s.token], s.told.type): s.told for s in samples}
    accepted = {(n, sentence, other) for (n, sentence, _), t in told.items() if (other := t.other_type)}
    keys = [(n, sentence, type_of) for n, found in enumerate(sights) for sentence, type_of in type_keys(found)]
    rows = np.vstack([type_rows(lessons[n].text, found) for n, found in enumerate(sights) if type_keys(found)])
    right = np.array([key in told for key in keys])
    weights = np.array([key_weight(key, told, accepted) * lessons[key[0]].weight for key in keys])
    scores = said_by_trees(rows, right, weights, folds_of(n for n, _, _ in keys))[:, 1]
    trees = trees_of(boosted().fit(rows, right, sample_weight=weights))
    return trees, best_threshold(lessons, best_scores(keys, scores), told, accepted)


def key_weight(key: Key, told: Mapping[Key, Told], accepted: set[Key]) -> float:
    """Return how much a sentence and type count: little where either answer is fine."""
    if key in told:
        return BACKGROUND if told[key].background else 1.0
    return BACKGROUND if key in accepted else 1.0


def said_by_trees(rows: Floats, labels: NDArray[Any], weights: Array, at: NDArray[np.int64]) -> Array:
    """Return what trees say of samples of folds that they were not fitted on."""
    said = np.zeros((len(rows), len(np.unique(labels))))
    for fold in range(FOLDS):
        model = boosted().fit(rows[at != fold], labels[at != fold], sample_weight=weights[at != fold])
        said[at == fold] = model.predict_proba(rows[at == fold])
    return said


def best_scores(keys: Sequence[Key], scores: Array) -> dict[tuple[int, EventType], float]:
    """Return the best score of each type in each lesson, where one type is counted once."""
    best: dict[tuple[int, EventType], float] = {}
    for (n, _, type_of), score in zip(keys, scores, strict=True):
        best[n, type_of] = max(best.get((n, type_of), 0.0), float(score))
    return best


def best_threshold(
    lessons: Sequence[Lesson],
    best: Mapping[tuple[int, EventType], float],
    told: Mapping[Key, Told],
    accepted: set[Key],
) -> float:
    """Return the highest threshold whose F1 of types is nearly the best among those with few enough false alarms.

    Around the best one F1 hardly changes, while a higher one raises fewer false alarms. Only passages that were found,
    not written for training, are counted.
    """
    found = {key: score for key, score in best.items() if not lessons[key[0]].written}
    wanted = {(n, t) for (n, _, t), one in told.items() if not one.background and not lessons[n].written}
    optional = ({(n, t) for n, _, t in accepted} | {(n, t) for n, _, t in told}) - wanted
    quiet = {n for n, lesson in enumerate(lessons) if not lesson.told and not lesson.written}

    def merit(threshold: float) -> tuple[bool, float]:
        said = {key for key, score in found.items() if score >= threshold}
        alarms = len({n for n, _ in said} & quiet) / max(len(quiet), 1)
        return alarms <= MOST_ALARMS, 2 * len(said & wanted) / max(len(said - optional) + len(wanted), 1)

    steps = [float(step) for step in np.arange(0.15, 0.8, 0.01)]
    quiet_enough, best_f1 = max(map(merit, steps))
    return max(step for step in steps if merit(step) >= (quiet_enough, best_f1 - NEARLY))


def boosted() -> HistGradientBoostingClassifier:
    """Return trees to be fitted: few leaves and slow steps, since there are only some thousand events.

    With a state of its own, as the borders of numbers are taken from rows drawn by chance where there are many.
    """
    return HistGradientBoostingClassifier(
        random_state=0,
        max_iter=120,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=1.0,
        early_stopping=False,
    )


def trees_of(model: HistGradientBoostingClassifier) -> Trees:
    """Return fitted trees as plain arrays, all nodes in one row."""
    rounds = model._predictors  # noqa: SLF001 - scikit-learn has no other way to its trees
    sizes = [[len(tree.nodes) for tree in trees] for trees in rounds]
    starts = np.cumsum([0, *(size for row in sizes for size in row)])[:-1]
    trees = [tree.nodes for row in rounds for tree in row]
    nodes = np.concatenate(trees)
    first = np.repeat(starts, [len(tree) for tree in trees])
    own = np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        start=np.asarray(model._baseline_prediction, dtype=np.float32).reshape(-1),  # noqa: SLF001 - as above
        roots=starts.reshape(len(rounds), -1).astype(np.int32),
        feature=nodes["feature_idx"].astype(np.int32),
        threshold=nodes["num_threshold"].astype(np.float32),
        left=np.where(leaf, own, first + nodes["left"]).astype(np.int32),
        right=np.where(leaf, own, first + nodes["right"]).astype(np.int32),
        value=nodes["value"].astype(np.float32),
        depth=int(nodes["depth"].max()),
    )


def fit_roles(
    lessons: Sequence[Lesson], samples: Sequence[Sample]
) -> tuple[Classifier, Trees, list[tuple[bool, float]]]:
    """Return what decides sides, name by name and code by code; and whether all sides of each sample came out right.

    The last is of classifiers that have not seen the sample, with how sure they were.
    """
    texts = [lessons[s.lesson].text for s in samples]
    near = [parties_near(text, s.token) for text, s in zip(texts, samples, strict=True)]
    owner = np.array([n for n, parties in enumerate(near) for _ in parties])
    labels = np.array([side_of(samples[n].told, party.code) for n in range(len(samples)) for party in near[n]])
    table = table_of(
        [
            role_features(texts[n], s.token, party, s.told.kind, ranks(near[n]))
            for n, s in enumerate(samples)
            for party in near[n]
        ]
    )
    targets = np.eye(len(SIDES), dtype=np.float32)[labels]
    weights = np.array([lessons[samples[n].lesson].weight for n in owner])
    said = unseen(table, targets, weights, ROLE_PENALTY, folds_of(samples[n].lesson for n in owner))
    ends = np.cumsum([0, *(len(parties) for parties in near)])
    grouped = [by_code(parties, said[ends[n] : ends[n + 1]]) for n, parties in enumerate(near)]
    trees, outcomes = fit_sides(texts, samples, grouped)
    return classifier_of(SIDES, table, fit(table.ones, targets, weights, ROLE_PENALTY)), trees, outcomes


def fit_sides(
    texts: Sequence[Text], samples: Sequence[Sample], grouped: Sequence[Grouped]
) -> tuple[Trees, list[tuple[bool, float]]]:
    """Return what decides the sides of all codes together, and how it came out for samples it had not seen."""
    numbers = [side_numbers(t, s.token, s.told.kind, g) for t, s, g in zip(texts, samples, grouped, strict=True)]
    rows = np.array([row for found in numbers for row in found], dtype=np.float32)
    labels = np.array([side_of(s.told, code) for s, g in zip(samples, grouped, strict=True) for code in g])
    owner = np.array([n for n, found in enumerate(grouped) for _ in found])
    said = said_by_trees(rows, labels, np.ones(len(rows)), folds_of(samples[n].lesson for n in owner))
    outcomes = [outcome(sample.told, grouped[n], said[owner == n]) for n, sample in enumerate(samples)]
    return trees_of(boosted().fit(rows, labels)), outcomes


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
