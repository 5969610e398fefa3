"""What a citizen receives."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from apps.notifications import mail
from apps.notifications.kinds import SIGN_IN_NOTICE, SUBJECT_LENGTH
from apps.notifications.models import Message
from tests.notifications.builders import ANGELE, WORDS

NARROW = "\u202f"


def an_email(**words: str) -> EmailMessage:
    message = Message(kind=SIGN_IN_NOTICE.name, context={**WORDS, **words})
    sent = mail.build(message, recipient=ANGELE).message().as_bytes()
    return message_from_bytes(sent, policy=policy.default)


def part(email: EmailMessage, subtype: str) -> str:
    body = email.get_body((subtype,))
    assert body is not None
    return str(body.get_content())


def test_the_headers_are_those_of_an_automatic_message() -> None:
    email = an_email()

    assert email["To"] == ANGELE
    assert "ne-pas-repondre@" in email["From"]
    assert email["Subject"].strip() == "Connexion à Mairie de Saint-Exemple avec FranceConnect"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email.get_content_type() == "multipart/alternative"


def test_the_message_id_is_the_message_s_own() -> None:
    message = Message(kind=SIGN_IN_NOTICE.name, context=WORDS)

    ids = {mail.build(message, recipient=ANGELE).message()["Message-ID"] for _ in range(2)}

    assert ids == {mail.message_id(message)}


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_both_parts_say_the_service_the_account_the_date_and_the_code(subtype: str) -> None:
    text = part(an_email(), subtype)

    for word in ("Mairie de Saint-Exemple", "Impôts – bac à sable", "K7QF-2M9X"):
        assert word in text
    assert "23/11/2026 à 14\u00a0h\u00a032, heure de Paris" in text


def test_summer_time_and_midnight_are_those_of_paris() -> None:
    text = part(an_email(at="2026-07-13T22:05:00+00:00"), "plain")

    assert "14/07/2026 à 0\u00a0h\u00a005, heure de Paris" in text


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_no_part_has_a_link_a_form_or_remote_content(subtype: str) -> None:
    text = part(an_email(), subtype).lower()

    assert not re.findall(r"https?:|www\.|<a\b|<img|<form|<input|<link|<script|url\(|src=", text)


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_both_parts_tell_a_fraud_from_a_true_message(subtype: str) -> None:
    text = " ".join(part(an_email(), subtype).split())

    assert "ne contient ni lien ni pièce jointe" in text
    assert "ne vous demande jamais un mot de passe" in text


def test_a_name_with_markup_is_text_in_both_parts() -> None:
    email = an_email(service="<b>Eau</b> & d'Exemple")

    assert "&lt;b&gt;Eau&lt;/b&gt; &amp;" in part(email, "html")
    assert "<b>Eau</b> & d'Exemple" in part(email, "plain")


def test_the_html_part_is_a_french_page_that_fits_a_phone() -> None:
    page = part(an_email(), "html")

    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert page.count("<h1>") == 1
    assert "width=device-width" in page
    assert "light dark" in page


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_double_punctuation_follows_a_narrow_space(subtype: str) -> None:
    text = part(an_email(), subtype)
    words = re.sub(r"<style>.*</style>|<[^>]*>", "", text, flags=re.DOTALL)

    assert not re.findall(rf"[^{NARROW}][:;!?](?=\s)", words)


@pytest.mark.parametrize("service", ["Eau", "M" * 29, "M" * 30, "M" * 300, "Métropole " * 10])
def test_a_subject_never_exceeds_sixty_characters(service: str) -> None:
    subject = SIGN_IN_NOTICE.build_subject({**WORDS, "service": service.strip()})

    assert len(subject) <= SUBJECT_LENGTH
    assert subject.startswith("Connexion à M" if service[0] == "M" else "Connexion à Eau avec")
    assert subject.endswith(" avec FranceConnect")


@pytest.mark.parametrize(
    ("service", "subject"),
    [
        (
            "Communauté d’agglomération du Grand Exemple",
            "Connexion à Communauté d’agglomération… avec FranceConnect",
        ),
        ("M" * 40, f"Connexion à {'M' * 28}… avec FranceConnect"),
        ("Régie – " + "M" * 40, f"Connexion à Régie – {'M' * 20}… avec FranceConnect"),
    ],
)
def test_a_long_service_name_is_cut_between_words_when_it_can(service: str, subject: str) -> None:
    assert SIGN_IN_NOTICE.build_subject({**WORDS, "service": service}) == subject
