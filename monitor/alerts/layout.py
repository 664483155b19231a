"""Templates of messages in Jinja2's sandbox: what a person may write in one is the layout, never a program."""

from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_TEMPLATE = 20_000


def template_problem(text: str) -> str:
    """Return what is wrong with the text of a template, with its line; nothing for a good one."""
    if len(text) > LONGEST_TEMPLATE:
        return f"is longer than {LONGEST_TEMPLATE} characters"
    try:
        compiled(text)
    except TemplateSyntaxError as error:
        return f"is no good template: line {error.lineno}: {error.message}"
    return ""


@lru_cache(maxsize=64)
def compiled(text: str) -> Template:
    """Return a template made ready; a name in it that no message has is an error when it is used."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,  # plain text; a channel that speaks HTML escapes it itself
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(text)
