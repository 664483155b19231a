"""Which headlines announce comment: opinion, analysis, explainers, live blogs. They tell of events and are no news.

Words of the trade alone, as desks set them before or after a headline; what a headline says is not judged.
"""

import re

_LABELS = (
    "opinion analysis commentary editorial op-ed oped column perspective viewpoint explainer explained"
    " factbox fact\\W?check podcast newsletter letters interview q&a quiz obituary profile review timeline"
).split()
_LABEL = "|".join(_LABELS)
_COMMENTARY = re.compile(
    rf"""
    ^\W*(?:{_LABEL})\s*(?:[:|–—-]|$)               # OPINION: …, Fact check: …
    | [|–—(,:-]\s*(?:{_LABEL})\W*$                  # … | Analysis, …, explained
    | ^\W*(?:live(?:\s+(?:updates?|blog|coverage))?)\s*:   # Live: …
    | \blive\s+(?:updates|blog)\b | \bas\s+it\s+happened\b
    | ^\W*(?:what|why|how)\b(?!\s+(?:a|the)\s+\w+\s+(?:said|told)\b)   # What to expect from …, Why …, How …
    | ^\W*(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\s+(?:\w+\s+)?
      (?:things|takeaways|questions|reasons|ways|charts|winners|facts|points|lessons)\b
    | \bwhat\s+(?:to\s+know|we\s+know|it\s+means|you\s+need)\b | \bhere['’]s\s+(?:what|why|how)\b
    | ^\W*this\s+we\s+(?:do\s+)?know\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_commentary(title: str) -> bool:
    """Tell whether a headline announces comment rather than news."""
    return _COMMENTARY.search(title) is not None
