"""Features of a word that may tell an act: itself, what depends on it, what it depends on, and who stands around."""

from collections.abc import Callable, Iterator

from extractors.judge.text import Text
from extractors.lexicon.words import CONDITIONS, MODALS, NEGATIONS

WINDOW = 3  # words to either side
MOST = 3  # counts of parties above this are one
GOVERNORS = 3  # words up the tree, the act's own among them, whose negations and modal verbs are looked at
SMALL = frozenset({"aux", "advmod", "det", "mark", "case", "cc"})

# What a dependent says of an act, by its relation; the rest is only counted.
Dependent = Callable[[Text, str, int], Iterator[str]]


def act_features(text: Text, token: int) -> list[str]:
    """Return the features of a candidate."""
    word = text.stems[token]
    features = [*own_features(text, token, word), *proposal_features(text, token)]
    for child in text.children[token]:
        features += dependent_features(text, word, child)
    features += pair_features(text, token, word)
    features += governor_features(text, token, word)
    features += unreal_features(text, token, word)
    features += window_features(text, token, word)
    features += sentence_features(text, text.sentence_at[token], word)
    return features


def word_and_sort(text: Text, token: int) -> str:
    """Return a word's stem behind the first letter of its tag, which parts nouns from verbs."""
    return f"{text.tags[token][:1]}{text.stems[token]}"


def own_features(text: Text, token: int, word: str) -> Iterator[str]:
    """Yield what the word itself is."""
    sort = text.tags[token][:1]
    yield "bias"
    yield f"w={word_and_sort(text, token)}"
    yield f"form={text.words[token]}"
    yield f"tag={text.tags[token]}"
    yield f"rel={text.relations[token]}{sort}"
    for name in text.classes.get(token, ()):
        yield f"class={name}"
        yield f"class={name}|{sort}{text.relations[token]}"


def proposal_features(text: Text, token: int) -> Iterator[str]:
    """Yield which frames the word triggers, and which of them found their parties."""
    for frame, kind in text.frames.get(token, ()):
        yield f"frame={frame}"
        yield f"frame-kind={kind}"
    for proposal in text.proposals.get(token, ()):
        if proposal.refers:
            yield "refers"
            continue
        parties = f"{min(len(proposal.actors), 2)}{min(len(proposal.recipients), 2)}"
        yield f"fired={proposal.frame}"
        yield f"fired-type={proposal.type}"
        yield f"fired-kind={proposal.kind}{parties}"
        yield "fired"


def dependent_features(text: Text, word: str, child: int) -> Iterator[str]:
    """Yield what a dependent says."""
    relation = text.relations[child]
    name = SHORT.get(relation)
    if name in {"s", "o"}:
        yield from argument_features(text, word, child, name)
        if relation.endswith(":pass"):
            yield "passive"
    elif name == "p":
        yield from phrase_features(text, word, child)
    elif name == "mod":
        yield f"mod={text.word(child)}"
        yield f"{word}|mod={text.word(child)}"
        yield f"mod-sort={text.sort(child)}"
        yield from (f"mod-class={name}" for name in text.classes.get(child, ()))
    elif name == "x":
        yield f"{word}|{relation}={text.word(child)}"
        yield relation
        yield f"x={text.word(child)}"
    elif name == "a":
        yield f"{relation}={text.words[child]}"
    elif relation == "compound:prt":
        yield f"{word}+{text.words[child]}"
    else:
        yield f"child={relation}"


SHORT = {
    "nsubj": "s",
    "nsubj:pass": "s",
    "csubj": "s",
    "obj": "o",
    "iobj": "o",
    "obl": "p",
    "nmod": "p",
    "obl:agent": "p",
    "obl:unmarked": "p",
    "nmod:unmarked": "p",
    "compound": "mod",
    "amod": "mod",
    "nmod:poss": "mod",
    "xcomp": "x",
    "ccomp": "x",
    "advcl": "x",
    "aux": "a",
    "aux:pass": "a",
    "advmod": "a",
    "mark": "a",
    "cop": "a",
    "det": "a",
    "nummod": "a",
}


def argument_features(text: Text, word: str, child: int, name: str) -> Iterator[str]:
    """Yield what a subject or object says."""
    sort, own = text.sort(child), text.word(child)
    yield f"{name}={sort}"
    yield f"{name}w={own}"
    yield f"{word}|{name}={sort}"
    yield f"{word}|{name}w={own}"
    for group in text.classes.get(child, ()):
        yield f"{name}c={group}"
        yield f"{word}|{name}c={group}"


def phrase_features(text: Text, word: str, child: int) -> Iterator[str]:
    """Yield what a phrase with a preposition says."""
    preposition, sort, own = text.preposition(child), text.sort(child), text.word(child)
    yield f"p={preposition}{sort}"
    yield f"{word}|p={preposition}{sort}"
    yield f"pw={preposition} {own}"
    yield f"{word}|pw={preposition} {own}"
    for group in text.classes.get(child, ()):
        yield f"pc={preposition} {group}"
        yield f"{word}|pc={group}"


def pair_features(text: Text, token: int, word: str) -> Iterator[str]:
    """Yield who does it to whom, by sort, and what class of act is done to what class of thing."""
    subject = first_child(text, token, ("nsubj", "nsubj:pass"))
    thing = first_child(text, token, ("obj", "iobj"))
    if subject is not None and thing is not None:
        sorts = f"{text.sort(subject)}{text.sort(thing)}"
        yield f"so={sorts}"
        yield f"{word}|so={sorts}"
    for group in text.classes.get(token, ()):
        if subject is not None:
            yield f"{group}|s={text.sort(subject)}"
        if thing is not None:
            yield f"{group}|o={text.sort(thing)}"
            yield from (f"{group}|oc={other}" for other in text.classes.get(thing, ()))


def first_child(text: Text, token: int, relations: tuple[str, ...]) -> int | None:
    """Return the first dependent in one of some relations."""
    return next((child for child in text.children[token] if text.relations[child] in relations), None)


def governor_features(text: Text, token: int, word: str) -> Iterator[str]:
    """Yield what the word depends on, and what else depends on that."""
    head = text.heads[token]
    if head == token:
        yield "root"
        return
    relation = text.relations[token]
    yield f"up={relation}:{text.preposition(token)}:{text.word(head)}"
    yield f"{word}|up={relation}:{text.word(head)}"
    yield f"up-tag={relation}:{text.tags[head]}"
    yield from (f"up-class={relation}:{group}" for group in text.classes.get(head, ()))
    yield from (f"up-frame={kind}" for _, kind in text.frames.get(head, ()))
    for child in text.children[head]:
        if text.relations[child].startswith("nsubj"):
            yield f"up-s={text.sort(child)}"
            yield f"{word}|up-s={text.sort(child)}"
        elif child != token and text.relations[child] in {"obj", "obl", "aux", "advmod"}:
            yield f"up-child={text.relations[child]}:{text.word(child)}"
    above = text.heads[head]
    if above != head:
        yield f"up2={text.relations[head]}:{text.word(above)}"


def unreal_features(text: Text, token: int, word: str) -> Iterator[str]:
    """Yield what says of an act, or of what governs it, that it is denied, only possible or conditional."""
    signs = [(level, node, sign) for level, node in enumerate(line_of(text, token)) for sign in unreal(text, node)]
    for level, node, sign in signs:
        yield f"unreal={level}{sign}"
        yield f"unreal={sign}|{text.stems[node]}"
        yield f"unreal={sign}|{text.stems[node]}|{word}"
        yield from (f"unreal={sign}|{group}" for group in text.classes.get(node, ()))
    if signs:
        yield f"unreal={'+'.join(sorted({sign for _, _, sign in signs}))}"
        yield f"{word}|unreal"


def line_of(text: Text, token: int) -> Iterator[int]:
    """Yield an act and what governs it, nearest first, as far as they tell how real it is."""
    for _ in range(GOVERNORS):
        yield token
        if text.heads[token] == token:
            return
        token = text.heads[token]


def unreal(text: Text, node: int) -> Iterator[str]:
    """Yield what the small words on a node say: that it is denied, which modal verb it has, that it is a condition."""
    below = {text.words[child] for child in text.children[node] if text.relations[child] in SMALL}
    if below & NEGATIONS:
        yield "not"
    if below & CONDITIONS:
        yield "if"
    yield from sorted(below & MODALS)


def window_features(text: Text, token: int, word: str) -> Iterator[str]:
    """Yield the words right before and behind."""
    start, end, _ = text.sentences[text.sentence_at[token]]
    before = text.shown[max(start, token - WINDOW) : token]
    behind = text.shown[token + 1 : min(end, token + WINDOW + 1)]
    yield from map("near=<{}".format, before)
    yield from map("near=>{}".format, behind)
    if behind:
        yield f"{word}_{behind[0]}"
    if before:
        yield f"{before[-1]}_{word}"


def sentence_features(text: Text, sentence: int, word: str) -> list[str]:
    """Return the content words of the sentence, and how many parties it names."""
    parties = min(len(text.codes(sentence)), MOST)
    is_headline = text.sentences[sentence][2]
    return [
        f"parties={parties}",
        f"{word}|parties={parties}",
        "headline" if is_headline else "body",
        *text.bags[sentence],
    ]
