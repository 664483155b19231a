"""Spellings of one personal name that follow a rule, so that the roster need not list them.

Newsrooms differ in accents (Orbán, Orban), in the transcription of Arabic, Persian and Russian given names (Mohammad,
Mohammed), in the Arabic article (al-Assad, Al-Assad, Assad) and in hyphens of Korean and Chinese given names.
"""

import unicodedata
from collections.abc import Iterator

# Given names that newsrooms write in several ways; each group is one name (usage of AP, Reuters, AFP, BBC).
GIVEN_NAMES = tuple(
    frozenset(group.split())
    for group in (
        "Mohammed Mohammad Mohamed Muhammad Mohamad",
        "Ahmed Ahmad",
        "Mahmoud Mahmud",
        "Mustafa Mustapha Mostafa",
        "Hussein Hossein Husain",
        "Hassan Hasan",
        "Khaled Khalid",
        "Faisal Faysal",
        "Abdallah Abdullah",
        "Youssef Yousef Yusuf",
        "Sergei Sergey",
        "Dmitry Dmitri Dmitriy",
        "Alexei Alexey Aleksei Aleksey",
        "Andrei Andrey",
        "Alexander Aleksandr",
        "Nikolai Nikolay",
        "Yuri Yury",
        "Vasily Vassily Vasiliy",
        "Anatoly Anatoliy",
        "Valery Valeriy",
        "Yevgeny Evgeny",
        "Mikhail Mikhael",
    )
)
GROUP_OF = {word: group for group in GIVEN_NAMES for word in group}
# Letters that have no accent to take off; a second spelling as newsrooms transcribe it.
LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "þ": "th", "ð": "d"}
)
ARTICLES = ("al-", "el-", "Al-", "El-")
# More spellings than these are made by no name of the roster; the bound keeps a faulty row from filling the tables.
MOST_VARIANTS = 100


def plain(text: str) -> str:
    """Return a text without accents."""
    split = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def variants(name: str) -> tuple[str, ...]:
    """Return a name and its other spellings, the name itself first."""
    found = [""]
    for word in name.split():
        found = [f"{start} {other}".strip() for start in found for other in word_variants(word)][:MOST_VARIANTS]
    return tuple(dict.fromkeys((*found, *(plain(text) for text in found))))


def word_variants(word: str) -> Iterator[str]:
    """Yield the spellings of one word of a name, as printed first."""
    yield word
    yield from sorted(GROUP_OF.get(word, frozenset()) - {word})
    if word.startswith(ARTICLES):
        bare = word[3:]
        yield from (
            text
            for text in (f"al-{bare}", f"Al-{bare}", f"el-{bare}", f"al {bare}", f"Al {bare}", bare)
            if text != word
        )
    elif "-" in word:
        first, _, rest = word.partition("-")
        if rest[:1].islower():  # Jong-un, Jong-Un, Jong Un
            yield from (f"{first}-{rest.title()}", f"{first} {rest.title()}")
