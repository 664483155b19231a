"""HTML, as feeds carry it in titles and descriptions, to plain text. Pure; the door to lxml."""

import html
import re

# lxml carries no type information; it comes with trafilatura.
from lxml import etree  # type: ignore[import-untyped]

# A tag, comment or declaration. A lone `<` ("<3", "a < b") is text, which an HTML parser would swallow.
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
# Content systems wrap a text twice now and then; the inner wrapping reaches us as text.
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# Invisible in text, refused by databases: control characters but tab and line ends, and halves of surrogate pairs.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_BREAKS = frozenset(
    "address article aside blockquote br caption center dd details div dl dt figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_SPACES = frozenset({"td", "th", "img", "option"})
_UNREAD = frozenset(
    "audio button canvas embed form head iframe math noscript object script select style svg template video".split()
)


def plain_text(markup: str) -> str:
    """Return the text a reader would see, a paragraph per line; blanks are single, empty lines are dropped.

    Scripts, styles, forms and embedded media leave nothing. Text that holds no tags only has its entities resolved.
    """
    usable = _CDATA.sub("", clean(markup))
    text = _rendered(usable) if _MARKUP.search(usable) else html.unescape(usable)
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(markup: str) -> str:
    """Return the text a reader would see, all on one line."""
    return plain_text(markup).replace("\n", " ")


def clean(text: str) -> str:
    """Return the text without characters that no text holds and no database takes."""
    return _UNUSABLE.sub("", text)


def _rendered(markup: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    # Line ends of the source are blanks to a reader; only elements break lines.
    flowing = markup.replace("\r", " ").replace("\n", " ")
    root = etree.fromstring(f"<html><body><div>{flowing}</div></body></html>".encode(), parser)
    parts: list[str] = []
    if root is not None:
        _render(root, parts)
    return "".join(parts)


def _render(root: etree._Element, parts: list[str]) -> None:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        unread = name in _UNREAD
        if event == "start":
            parts.append(_separator(name))
            parts.append("" if unread else element.text or "")
            if unread:
                walk.skip_subtree()
        else:
            parts.append(_separator(name))
            parts.append(element.tail or "")


def _separator(name: str) -> str:
    if name in _BREAKS:
        return "\n"
    return " " if name in _SPACES or name in _UNREAD else ""
