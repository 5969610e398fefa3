"""outbox.message: written with its fact or not at all, and sealed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from apps.notifications import outbox
from apps.notifications.kinds import SIGN_IN_NOTICE
from apps.notifications.models import Message
from apps.protocol.sealing import SealBroken
from apps.statements import writing
from tests.notifications.builders import ANGELE, WORDS, a_message

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_message_is_due_at_once_and_costs_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    before = datetime.now(UTC)

    with django_assert_num_queries(1):
        writing.insert(outbox.message(SIGN_IN_NOTICE, recipient=ANGELE, context=WORDS))

    message = Message.objects.get()
    assert before <= message.created_at == message.due_at <= datetime.now(UTC)
    assert (message.kind, message.context, message.attempts) == ("sign_in_notice", WORDS, 0)
    assert str(message) == f"sign_in_notice {message.pk}"


@pytest.mark.django_db
def test_a_message_of_a_fact_that_did_not_happen_is_neither_written_nor_announced(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told = outbox.message(SIGN_IN_NOTICE, recipient=ANGELE, context=WORDS)
    absent = writing.Change(Message, {"id": uuid4()}, {"attempts": 1})

    with django_capture_on_commit_callbacks() as callbacks:
        assert not writing.change(absent, told)

    assert not Message.objects.exists()
    assert not callbacks


@pytest.mark.django_db
def test_a_rolled_back_fact_leaves_no_message() -> None:
    with transaction.atomic():
        a_message()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_recipient_is_not_readable_in_the_row() -> None:
    message = a_message()
    row = Message.objects.values().get()

    assert ANGELE.encode() not in bytes(row["recipient"] or b"")
    assert ANGELE not in str(row)
    assert message.open_recipient() == ANGELE


@pytest.mark.django_db
def test_a_sealed_recipient_opens_neither_in_another_row_nor_under_another_key(
    settings: Settings,
) -> None:
    message, other = a_message(), a_message()

    other.recipient = message.recipient
    with pytest.raises(SealBroken):
        other.open_recipient()
    settings.SEALING_KEY = b"\x01" * 32
    with pytest.raises(SealBroken):
        message.open_recipient()


@pytest.mark.django_db
@pytest.mark.parametrize("words", [{}, {**WORDS, "given_name": "Angèle"}])
def test_a_message_carries_the_declared_words_and_no_other(words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="account, at, code, service"):
        outbox.message(SIGN_IN_NOTICE, recipient=ANGELE, context=words)


@pytest.mark.django_db
def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        a_message(at="2026-11-23T14:32:08")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "angele", "a@b.fr\r\nBcc: x@y.fr", "a@b.fr c@d.fr"])
def test_what_is_not_one_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address") as refusal:
        a_message(recipient=address)

    assert not address or address not in str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Mairie\r\nBcc: x@y.fr", "Mairie Bcc: x@y.fr"),
        ("  Mairie \t de\u00a0Saint-Exemple ", "Mairie de Saint-Exemple"),
        ("Mai\u202erie", "Mairie"),
        ("Mai\u200brie\ufeff", "Mairie"),
        ("Prefecture\u0301", "Prefecturé"),
        ("Impôts – bac à sable", "Impôts – bac à sable"),
    ],
)
def test_a_partner_s_name_is_kept_on_one_line_without_invisible_characters(
    given: str, kept: str
) -> None:
    assert a_message(service=given).context["service"] == kept


@pytest.mark.django_db
def test_the_bell_is_rung_once_the_transaction_commits(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        a_message()

    assert len(callbacks) == 1


@pytest.mark.django_db
def test_a_message_sent_or_given_up_cannot_keep_its_recipient() -> None:
    for ending in ({"sent_at": NOW}, {"failed_at": NOW}):
        with pytest.raises(IntegrityError, match="recipient"), transaction.atomic():
            Message.objects.filter(pk=a_message().pk).update(**ending)


@pytest.mark.django_db
def test_a_pending_message_cannot_lose_its_recipient() -> None:
    with pytest.raises(IntegrityError, match="recipient"), transaction.atomic():
        Message.objects.filter(pk=a_message().pk).update(recipient=None)


@pytest.mark.django_db
def test_a_message_cannot_be_both_sent_and_given_up() -> None:
    with pytest.raises(IntegrityError, match="sent_or_failed"), transaction.atomic():
        Message.objects.filter(pk=a_message().pk).update(sent_at=NOW, failed_at=NOW, recipient=None)


def test_the_outbox_points_at_no_other_table() -> None:
    assert not [field for field in Message._meta.get_fields() if field.is_relation]
