"""How many take part, as the text says it: "more than 20 countries will attend", "about 40 were invited"."""

import re

NUMBER = (
    r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|dozens|scores"
    r"|hundreds|a dozen|two dozen)"
)
QUALIFIER = r"(?:more than|about|around|at least|nearly|almost|over|up to|some|roughly|fewer than|less than)"
WHO = (
    r"(?:countries|nations|states|leaders|ministers|delegations|delegates|representatives|officials"
    r"|participants|governments|envoys)"
)
COUNT = rf"(?P<count>(?:{QUALIFIER} )?{NUMBER}) (?:[a-z]+ )?{WHO}"
ATTENDING = re.compile(
    rf"{COUNT} (?:(?:will|would|to|are expected to|were expected to|are to|are set to|have agreed to) )?(?:also )?"
    r"(?:attend|attended|attending|are attending|take part|took part|join|participate|participated|gather|gathered)\b",
    re.IGNORECASE,
)
MEETING = re.compile(
    r"(?:^|\b(?:officials|ministers|leaders|delegates|representatives|envoys|diplomats|chiefs|generals) (?:from|of) )"
    rf"{COUNT} (?:(?:will|would|to|are|are to|are expected to|have) )?"
    r"(?:met|meet|meeting|gather|gathered|gathering|convene|convened)\b",
    re.IGNORECASE,
)
INVITED = re.compile(
    rf"{COUNT} (?:were|was|are|have been|had been|will be) invited\b|invited {COUNT.replace('count>', 'object>')}",
    re.IGNORECASE,
)


def counts(text: str) -> tuple[tuple[str, str], ...]:
    """Return (what, number as the text has it) pairs."""
    found = []
    for what, pattern in (("attending", ATTENDING), ("attending", MEETING), ("invited", INVITED)):
        match = pattern.search(text)
        if match:
            found.append((what, next(value for value in match.groupdict().values() if value)))
    return tuple(found)
