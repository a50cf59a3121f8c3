"""Help pages in many languages to paragraphs of plain text: LibreOffice (generated HTML) and GNOME (Mallard XML).

Regular expressions over tags of two fixed shapes rather than the standard library's HTML parser, whose treatment of
odd markup changes with security releases: the same page must give the same bytes on every machine.
"""

import html
import re

_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[ \t\r\n\u00a0]+")

_HTML_BODY = re.compile(r'<div id="DisplayArea".*?<div id="SearchFrame">', re.DOTALL)
_HTML_DROPPED = re.compile(r'<(script|style|noscript|pre)\b.*?</\1>|<div class="relatedtopics">.*', re.DOTALL)
_HTML_BLOCK = re.compile(r"</?(?:p|h[1-6]|div|li|ul|ol|td|th|tr|table|br|section|dt|dd)\b[^>]*>")

_MALLARD_DROPPED = re.compile(r"<(info|code|screen|links)\b[^/>]*>.*?</\1>", re.DOTALL)
_MALLARD_BLOCK = re.compile(r"</?(?:p|title|subtitle|desc|item|list|steps|terms|tree|note|section|table|t[rdh]|media|page)\b[^>]*>")


def _paragraphs(text: str, block: re.Pattern) -> list[str]:
    text = html.unescape(_TAG.sub("", block.sub("\x00", text)))
    paragraphs = (_SPACE.sub(" ", part).strip() for part in text.split("\x00"))
    return [p for p in paragraphs if p]


def libreoffice_page(source: str) -> list[str]:
    """The page's prose in reading order, without navigation, related links and program listings."""
    body = _HTML_BODY.search(source)
    return _paragraphs(_HTML_DROPPED.sub("\x00", _COMMENT.sub("", body[0])), _HTML_BLOCK) if body else []


def gnome_page(source: str) -> list[str]:
    """The same for a Mallard page."""
    return _paragraphs(_MALLARD_DROPPED.sub("\x00", _COMMENT.sub("", source)), _MALLARD_BLOCK)
