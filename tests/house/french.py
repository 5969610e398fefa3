"""French typography as a rule: what is wrong with a text, in words."""

import html
import re

SPACES = "\u202f\u00a0"
RULES = {
    "no-break space before ; : ! ?": re.compile(
        rf"[^{SPACES}\s(][;:!?](?=\s|$)|[ \t][;:!?](?=\s|$)"
    ),
    "no-break space inside « »": re.compile(rf"«[^{SPACES}]|[^{SPACES}]»"),
    "apostrophe ’": re.compile(r"[^\W\d_]'[^\W\d_]"),
    "quotes « »": re.compile(r'"'),
    "ellipsis …": re.compile(r"\.\.\."),
}
_SILENT = re.compile(r"<(style|script|code|pre)\b.*?</\1>", re.DOTALL)
_SPOKEN = re.compile(r"\b(?:alt|title|aria-label|placeholder)=\"([^\"]*)\"")
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_VARIABLE = re.compile(r"\{\{.*?\}\}")
_TAG = re.compile(r"\{%.*?%\}|<[^>]*>", re.DOTALL)


def faults(text: str) -> list[str]:
    """Return the rules that a text breaks, each with the place."""
    return [
        f"{rule}: {text[max(0, match.start() - 20) : match.end() + 10]!r}"
        for rule, pattern in RULES.items()
        for match in pattern.finditer(text)
    ]


def of_template(source: str) -> str:
    """Return what a person reads or hears of a template."""
    source = _VARIABLE.sub("X", _COMMENT.sub("", _SILENT.sub("X", source)))
    spoken = "\n".join(_SPOKEN.findall(source))
    return html.unescape(_TAG.sub("", source) + "\n" + _TAG.sub("", spoken))


def of_markdown(source: str) -> str:
    """Return the prose of a page: no code, no address, no table rule, no HTML."""
    prose = re.sub(r"```.*?```", "", source, flags=re.DOTALL)
    prose = re.sub(r"^ {4}.*$", "", prose, flags=re.MULTILINE)
    prose = re.sub(r"`[^`]*`", "X", prose)
    prose = re.sub(r"\]\([^)]*\)", "]", prose)
    prose = re.sub(r"^\s*\|[ :|-]+\|\s*$", "", prose, flags=re.MULTILINE)
    return html.unescape(re.sub(r"<[^>]*>|https?://\S+", "X", prose))
