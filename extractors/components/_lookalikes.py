"""Names that only look like an actor's: seas, wars, banks, clubs and persons called after a state or a capital.

"Indian Ocean", "Korean War", "Bank of England", "Air France", "Paris Hilton", "Michael Jordan", "Georgia Governor …".
"""

from extractors.components._names import SMALL, Tables, Text
from extractors.lexicon import Name, Sort

# After a state's or town's name these make the name of something else.
HEADS = frozenset(
    "Ocean Sea Gulf Strait Straits Channel Peninsula Desert Masters Prix Derby Marathon Olympics Cup League"
    " Championship Championships Premiership Airways Airlines Airline Airport University Institute Museum Opera Ballet"
    " Orchestra Festival Biennale Hotel".split()
)
# These do it where capitals mean a name, not a headline's style.
HEADS_OF_NAMES = frozenset("Open Games Series Bank Exchange Post Times Herald Tribune Journal Telegraph Motors".split())
# And these after a town.
HEADS_OF_TOWNS = frozenset(
    "Convention Conventions Accord Accords Agreement Protocol Process Declaration Treaty Street Club City".split()
)
# Wars that are history; others are somebody's.
OLD_WARS = frozenset({"Korean", "Vietnam", "Falklands", "Gulf"})
# Before "of" and a state's name.
OF_HEADS = frozenset(
    "Sea Gulf Strait Bay Isle Bank University Church Cardinal Archbishop Bishop Duke Duchess Princess Tour".split()
)
BEFORE = frozenset(
    "Air Miss Team Radio Hotel Real Atletico Atlético Dynamo Inter Saint Fort Port Lake New Little".split()
)
# "New" makes another name of these alone.
NEW_NAMES = frozenset({"Mexico", "England", "Britain", "Jersey", "Hampshire", "London"})
# States and capitals that are given names, or a state of another state.
GIVEN = frozenset("Jordan Chad Georgia Israel Paris Sydney Kenya India Ireland London Cuba Victoria Austin".split())
# What follows "Georgia" when the American state is meant.
OF_A_US_STATE = frozenset(
    "Governor Gov. Gov Republican Republicans Democrat Democrats Senate Legislature Bulldogs Tech Power Rep. Sen."
    " electors primary runoff".split()
)
US_TOWNS = frozenset("Atlanta Savannah Augusta Athens Macon Columbus Marietta".split())
# Names of states and capitals that persons and towns bear as well.
ALSO_SURNAMES = frozenset(
    "Jordan Chad Georgia Israel Jersey Paris Lima London Washington Turkey Berlin Ireland England Holland Poland"
    " Britain France Spain Wales".split()
)
# "Latin American", "African American" are no nationality.
BEFORE_AMERICAN = frozenset({"Latin", "South", "Central", "North", "African", "Native", "Pan"})
TOWNS = frozenset({Sort.CAPITAL, Sort.SEAT})
DAYS = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August"
    " September October November December".split()
)


def is_lookalike(text: Text, start: int, end: int, name: Name, tables: Tables) -> bool:
    """Say whether a state's or town's name belongs to a longer name, or to a person."""
    if name.sort not in {Sort.STATE, Sort.CAPITAL, Sort.REGION, Sort.SEAT, Sort.DEMONYM, Sort.PEOPLE}:
        return False
    before, word, after = text.word(start - 1), text.word(start), text.word(end)
    if word in {"American", "Americans", "America"} and before in BEFORE_AMERICAN:
        return True
    if is_headed(text, word, after, name):
        return True
    if end - start > 1:
        return False
    if before in BEFORE:
        return before != "New" or word in NEW_NAMES
    if (before == "of" and text.word(start - 2) in OF_HEADS) or (before == "de" and text.word(start - 2) == "Tour"):
        return True
    return is_us_state(text, start) or is_person(text, start, end, name, tables)


def is_headed(text: Text, word: str, after: str, name: Name) -> bool:
    """Say whether the word after a name makes it the name of a sea, a contest, an airline, a newspaper."""
    if after in HEADS or (after == "War" and word in OLD_WARS):
        return True
    if after in HEADS_OF_TOWNS and name.sort in TOWNS:
        return True
    return after in HEADS_OF_NAMES and not text.is_in_capitals


def is_us_state(text: Text, start: int) -> bool:
    """Say whether "Georgia" is the one in America."""
    if text.word(start) != "Georgia":
        return False
    near_town = text.word(start - 1) == "," and text.word(start - 2) in US_TOWNS
    of_america = text.lower(start - 1) == "of" and text.lower(start - 2) == "state"
    return text.word(start + 1) in OF_A_US_STATE or near_town or of_america


def is_person(text: Text, start: int, end: int, name: Name, tables: Tables) -> bool:
    """Say whether a name is part of a person's ("Michael Jordan", "Chad Smith") or a firm's ("Tokyo Electron")."""
    if text.word(start) in ALSO_SURNAMES and is_given_name(text, start - 1, tables):
        return True
    if (text.word(start) not in GIVEN and name.sort not in TOWNS) or text.is_in_capitals:
        return False
    return is_given_name(text, end, tables)


def is_given_name(text: Text, position: int, tables: Tables) -> bool:
    """Say whether a word can be part of a personal name: a capital, and no small word, verb, office, day or state."""
    word = text.word(position)
    lower = word.lower()
    return (
        word[:1].isupper()
        and word.isalpha()
        and len(word) > 2
        and not word.isupper()
        and lower not in tables.verbs
        and lower not in SMALL
        and word not in DAYS
        and tables.offices.at(text.lowers, position, text.end) is None
        and tables.names.at(text.words, position, text.end) is None
    )
