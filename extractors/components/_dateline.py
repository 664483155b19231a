"""The dateline that a wire report begins with ("ERBIL, Iraq (Reuters) - "): no part of its first sentence."""

import re

# A town with the agency behind it, or one in capitals; in between a country or a day.
WITH_AGENCY = r"[A-Z][\w./'’-]+(?:[ ,/]+[\w./]+){0,6} \([A-Z][\w ./]{1,24}\) ?[-–—]+ "
IN_CAPITALS = r"[A-Z]{3}[A-Z ./'’-]*[A-Z](?:, ?[\w. ]{2,25}?)? ?(?:[–—]|--) ?"
DATELINE = re.compile(rf"{WITH_AGENCY}|{IN_CAPITALS}")


def dateline(text: str) -> str:
    """Return the dateline at the beginning of a sentence with its dash, or an empty string."""
    found = DATELINE.match(text)
    return found[0] if found else ""
