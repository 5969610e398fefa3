"""The mailbox: real SMTP in, readable pages out."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test import Client

from apps.sandbox.mailbox import opened_mail, sink
from apps.sandbox.models import Mail


@pytest.fixture
def smtp_port(transactional_db: None) -> Iterator[int]:
    """The sink, listening on a port of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(sink.connection, sink.HOST, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def a_mail(subject: str = "Connexion à « Mairie » avec FranceConnect") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "FranceConnect <ne-pas-repondre@franceconnect.test>"
    mail["To"] = "angele.ordinaire@example.org"
    mail["Subject"] = subject
    mail.set_content("Bonjour,\nvoir http://localhost:8000/support <b>gras</b>\n")
    mail.add_alternative(
        '<html><head></head><body><p style="color:#123456">Bonjour é</p></body></html>',
        subtype="html",
    )
    return mail


def send(port: int, mail: EmailMessage) -> None:
    with smtplib.SMTP(sink.HOST, port, timeout=5) as smtp:
        smtp.send_message(mail)


def test_a_message_sent_by_smtp_is_in_the_box_at_once(smtp_port: int) -> None:
    send(smtp_port, a_mail())
    text = Client().get("/courriels/").content.decode()
    assert "Connexion à « Mairie » avec FranceConnect" in text
    assert "angele.ordinaire@example.org" in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Thu, 26 Nov 2026 07:35:17 -0000", "26/11/2026 08 h 35 (heure de Paris)"),
        ("Thu, 26 Nov 2026 07:35:17 -0500", "26/11/2026 13 h 35 (heure de Paris)"),
        ("hier", "hier"),
    ],
)
def test_the_date_of_a_message_is_written_in_french(written: str, shown: str) -> None:
    opened = opened_mail.open_mail(f"Date: {written}\r\n\r\nBonjour".encode())
    assert opened.headers == (("Envoyé le", shown),)


def test_the_newest_message_is_first(smtp_port: int) -> None:
    for subject in ("Premier", "Second"):
        send(smtp_port, a_mail(subject))
    text = Client().get("/courriels/").content.decode()
    assert text.index("Second") < text.index("Premier")


def test_an_empty_subject_and_a_strange_message_are_kept(smtp_port: int) -> None:
    with smtplib.SMTP(sink.HOST, smtp_port, timeout=5) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], b"\xff\xfe pas un courriel\r\n\x00")
    assert "(sans objet)" in Client().get("/courriels/").content.decode()
    assert Client().get(f"/courriels/{Mail.objects.get().pk}/").status_code == 200


def stored(mail: EmailMessage) -> Mail:
    return Mail.objects.create(
        sender="x", recipients=["y"], subject=str(mail["Subject"]), source=mail.as_bytes()
    )


def test_a_message_shows_its_headers_and_its_text_escaped(db: None) -> None:
    mail = stored(a_mail())
    text = Client().get(f"/courriels/{mail.pk}/").content.decode()
    assert "FranceConnect &lt;ne-pas-repondre@franceconnect.test&gt;" in text
    assert 'href="http://localhost:8000/support"' in text
    assert "&lt;b&gt;gras&lt;/b&gt;" in text
    assert "<iframe" in text
    assert 'sandbox="allow-popups' in text


def test_the_html_part_is_served_powerless(db: None) -> None:
    mail = stored(a_mail())
    answer = Client().get(f"/courriels/{mail.pk}/html")
    policy = answer["Content-Security-Policy"]
    assert "Bonjour é" in answer.content.decode()
    assert '<base target="_blank">' in answer.content.decode()
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_box_can_be_emptied_and_says_when_it_is_empty(db: None) -> None:
    stored(a_mail())
    text = Client().post("/courriels/vider", follow=True).content.decode()
    assert "La boîte est vide." in text
    assert not Mail.objects.exists()


def test_an_unknown_message_is_not_found(db: None) -> None:
    assert Client().get("/courriels/42/").status_code == 404


def test_an_unknown_charset_is_read_all_the_same() -> None:
    source = b"Subject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nqapla\r\n"
    assert opened_mail.open_mail(source).text.strip() == "qapla"


def test_a_taken_port_is_told_in_one_sentence(settings: object) -> None:
    from django.core.management import CommandError, call_command

    with socket.socket() as taken:
        taken.bind((sink.HOST, 0))
        taken.listen()
        settings.SMTP_PORT = taken.getsockname()[1]  # type: ignore[attr-defined]
        with pytest.raises(CommandError, match="déjà pris"):
            call_command("smtp_sink")


def test_while_the_database_is_away_the_sender_is_asked_to_come_back(smtp_port: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sandbox_mail RENAME TO sandbox_mail_away")
    try:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            send(smtp_port, a_mail())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sandbox_mail_away RENAME TO sandbox_mail")
    assert refusal.value.smtp_code == 451
