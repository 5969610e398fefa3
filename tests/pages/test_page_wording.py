"""French as code: typography, length of sentences, words we never say to a citizen."""

import re
from pathlib import Path

import pytest

from tests.pages.page import BLOCKS, Element

NARROW = "\u202f"
LONGEST_SENTENCE = 25  # words
JARGON = re.compile(
    r"\b(FI|FS|FD|IdP|claims?|scopes?|client|sub|acr|KYC|décédée?)\b", re.IGNORECASE
)
STATIC = Path(__file__).resolve().parents[2] / "static/franceconnect"


def blocks(page: Element) -> list[str]:
    """Return what is read on the page, block by block, without code or dates."""
    return [text for e in page.walk() if e.tag in BLOCKS and (text := e.prose())]


def check_typography(text: str) -> None:
    """Raise AssertionError unless spaces, quotes and apostrophes are those of French."""
    assert not re.search(rf"[^{NARROW}][;:!?](\s|$)", text), text
    assert not re.search(rf"«[^{NARROW}]|[^{NARROW}]»", text), text
    assert not re.search(r"\w'\w|\"|\.\.\.", text), text


def test_typography_is_french(page: Element) -> None:
    for text in blocks(page):
        check_typography(text)


def test_sentences_are_short(page: Element) -> None:
    for text in blocks(page.all("main")[0]):
        for sentence in re.split(r"[.?!:](?=\s|$)", text):
            words = re.findall(r"[\w’'-]+", sentence)
            assert len(words) <= LONGEST_SENTENCE, sentence


def test_no_technical_word_reaches_the_citizen(page: Element) -> None:
    for text in blocks(page):
        assert not JARGON.search(text), text


def test_buttons_say_what_they_do(page: Element) -> None:
    for button in page.all("button"):
        assert button.text() not in {"OK", "Valider", "Cliquez ici", "Suivant"}


def test_the_brand_is_written_in_one_word(html: str) -> None:
    assert not re.search(r"France[ -]Connect|Franceconnect|FRANCECONNECT", html)


@pytest.mark.parametrize(
    "wrong",
    ["Vraiment ?", "« Mairie »", "l'adresse", "Compte: Impôts", 'dit "oui"', "Patientez..."],
)
def test_the_typography_rule_catches(wrong: str) -> None:
    with pytest.raises(AssertionError):
        check_typography(wrong)
