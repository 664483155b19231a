"""What can go wrong while reading a text.

ExtractionError
├── FullTextError   a page gave no article text
├── LexiconError    a data file is missing, malformed or contradicts itself
├── ChainError      the chain could not be built (a model that is not installed) or failed on one article
└── TrainingDataError  a file of annotated passages is not as it should be
"""


class ExtractionError(Exception):
    """Root of the errors of this house."""


class FullTextError(ExtractionError):
    """A page gave no article text; the message says why."""


class LexiconError(ExtractionError):
    """A data file is wrong; the message names file, line and what was expected."""


class ChainError(ExtractionError):
    """The chain could not be built, or failed on one article; the message says what to do."""


class TrainingDataError(ExtractionError):
    """A file of annotated passages is wrong; the message names file and line."""
