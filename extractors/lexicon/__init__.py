"""The word lists and frames of `extractors/data`, read into immutable tables and checked while reading.

Nothing is read at import; `load()` reads each folder once per process.
"""

from extractors.lexicon.frames import Effect, Example, Frame, Governors, read_examples
from extractors.lexicon.names import Bare, Leader, Name, Sort, known_states, month_of
from extractors.lexicon.tables import DATA, Lexicon, load

__all__ = [
    "DATA",
    "Bare",
    "Effect",
    "Example",
    "Frame",
    "Governors",
    "Leader",
    "Lexicon",
    "Name",
    "Sort",
    "known_states",
    "load",
    "month_of",
    "read_examples",
]
