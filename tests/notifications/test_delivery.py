"""Delivery over real SMTP: once, later if need be, and nothing kept of the recipient."""

import logging
import smtplib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone
from pytest_django import Settings

from apps.notifications import delivery, tasks
from apps.notifications.models import Message
from tests.notifications.builders import ANGELE, a_message
from tests.notifications.relay import Relay

pytestmark = pytest.mark.django_db


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())


def the_wait_of(message: Message) -> float:
    return (message.due_at - timezone.now()).total_seconds()


def test_a_message_that_is_due_leaves_and_forgets_its_recipient(relay: Relay) -> None:
    message = a_message()

    assert delivery.deliver_due() == 1

    message.refresh_from_db()
    (mail,) = relay.received
    assert mail["To"] == ANGELE
    assert message.sent_at is not None
    assert (message.recipient, message.attempts, message.last_error) == (None, 1, "")


def test_a_message_is_sent_once_whatever_the_number_of_sweeps(relay: Relay) -> None:
    a_message()

    assert [delivery.deliver_due() for _ in range(3)] == [1, 0, 0]
    assert len(relay.received) == 1


def test_a_message_not_yet_due_waits(relay: Relay) -> None:
    message = a_message()
    Message.objects.update(due_at=timezone.now() + timedelta(minutes=1))

    assert delivery.deliver_due() == 0

    make_due(message)
    assert delivery.deliver_due() == 1


def test_more_messages_than_a_batch_leave_in_the_order_of_their_time(relay: Relay) -> None:
    codes = [f"N-{number:02}" for number in range(delivery.BATCH + 3)]
    for code in codes:
        a_message(code=code)

    tasks.deliver_due()

    texts = [mail.get_body(("plain",)) for mail in relay.received]
    sent = [code for text in texts for code in codes if text and code in text.get_content()]
    assert sent == codes


def test_a_relay_that_says_later_is_asked_later_under_the_same_message_id(relay: Relay) -> None:
    message = a_message()
    relay.to_content.append("451 Try again later")

    assert delivery.deliver_due() == 0
    message.refresh_from_db()
    assert message.last_error == "SMTPDataError 451"
    assert 20 < the_wait_of(message) < 40
    assert message.open_recipient() == ANGELE

    make_due(message)
    assert delivery.deliver_due() == 1
    message.refresh_from_db()
    assert (message.attempts, message.recipient, message.last_error) == (2, None, "")
    assert relay.received[0]["Message-ID"] == f"<{message.pk}@franceconnect.test>"


@pytest.mark.parametrize("refusal", ["to_recipient", "to_content"])
def test_a_permanent_refusal_is_not_tried_again(
    relay: Relay, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = a_message()
    getattr(relay, refusal).append(f"550 No such user {ANGELE}")

    assert delivery.deliver_due() == 0

    message.refresh_from_db()
    assert message.failed_at is not None
    assert message.recipient is None
    assert message.last_error in {"SMTPRecipientsRefused 550", "SMTPDataError 550"}
    said = " ".join(record.getMessage() for record in caplog.records if record.name[:4] == "apps")
    assert str(message.pk) in said
    assert ANGELE not in said


def test_a_refused_recipient_does_not_hold_the_others(relay: Relay) -> None:
    refused, *others = [a_message() for _ in range(3)]
    relay.to_recipient.append("550 No such user")

    assert delivery.deliver_due() == 2

    assert Message.objects.get(failed_at__isnull=False) == refused
    assert Message.objects.filter(sent_at__isnull=False).count() == len(others)


def test_a_relay_that_refuses_connections_is_asked_again_soon(relay: Relay) -> None:
    message = a_message()
    relay.stop()

    assert delivery.deliver_due() == 0
    message.refresh_from_db()
    assert message.last_error == "ConnectionRefusedError"
    assert 20 < the_wait_of(message) < 40

    relay.start()
    make_due(message)
    assert delivery.deliver_due() == 1


def test_a_relay_that_is_down_is_not_tried_for_every_message(relay: Relay) -> None:
    for _ in range(delivery.BATCH + 1):
        a_message()
    relay.stop()

    delivery.deliver_due()

    assert Message.objects.filter(attempts=0).count() == 1


def test_a_message_too_old_is_given_up_and_forgets_its_recipient(
    relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    message = a_message()
    Message.objects.update(created_at=timezone.now() - delivery.GIVE_UP_AFTER)
    relay.to_content.append("451 Try again later")

    with caplog.at_level(logging.ERROR):
        delivery.deliver_due()

    message.refresh_from_db()
    assert message.failed_at is not None
    assert message.recipient is None
    assert f"message {message.pk} given up at attempt 1: SMTPDataError 451" in caplog.text


def test_a_key_that_is_not_ours_keeps_the_message_for_the_one_who_has_it(
    relay: Relay, settings: Settings
) -> None:
    message, key = a_message(), settings.SEALING_KEY
    settings.SEALING_KEY = b"\x01" * 32
    delivery.deliver_due()

    message.refresh_from_db()
    assert (message.last_error, message.failed_at) == ("SealBroken", None)

    settings.SEALING_KEY = key
    make_due(message)
    assert delivery.deliver_due() == 1


def test_a_message_that_cannot_be_made_is_told_and_does_not_hold_the_others(relay: Relay) -> None:
    broken, good = a_message(), a_message()
    Message.objects.filter(pk=broken.pk).update(kind="unknown")

    with pytest.raises(KeyError):
        delivery.deliver_due()
    broken.refresh_from_db()
    assert (broken.last_error, broken.attempts) == ("KeyError", 1)

    make_due(good)
    assert delivery.deliver_due() == 1


def test_a_send_that_would_outlive_its_lease_is_left_to_the_next_one(relay: Relay) -> None:
    long_ago = timezone.now() - delivery.LEASE
    Message.objects.filter(pk=a_message().pk).update(due_at=long_ago)
    (message,) = delivery.claim(long_ago)

    assert delivery._deliver_batch([message]) == 0
    assert not relay.received


def test_a_late_deliverer_neither_postpones_nor_fails_what_another_one_holds() -> None:
    message = a_message()
    (late,) = delivery.claim(timezone.now())
    make_due(message)
    (holder,) = delivery.claim(timezone.now())

    late.mark_failed(timezone.now(), error="late")
    late.postpone(timezone.now(), error="late")

    message.refresh_from_db()
    assert (message.failed_at, message.last_error) == (None, "")
    assert message.due_at == holder.due_at


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 30), (2, 120), (3, 480), (4, 1920), (5, 3600), (40, 3600)],
)
def test_a_message_waits_four_times_longer_each_time_up_to_an_hour(
    attempts: int, seconds: int
) -> None:
    delays = [delivery.retry_delay(attempts, is_relay_down=False) for _ in range(50)]

    assert all(0.8 * seconds <= delay.total_seconds() <= 1.2 * seconds for delay in delays)
    assert len(set(delays)) > 1


def test_a_relay_that_is_down_makes_nobody_wait_more_than_two_minutes() -> None:
    delay = delivery.retry_delay(40, is_relay_down=True)

    assert delay <= timedelta(minutes=2) * 1.2


@pytest.mark.parametrize(
    ("failure", "is_permanent"),
    [
        (smtplib.SMTPRecipientsRefused({ANGELE: (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({ANGELE: (450, b"busy")}), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPSenderRefused(530, b"log in first", "us"), False),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
        (ValueError("not an address"), True),
    ],
)
def test_only_what_speaks_of_the_message_is_permanent(
    failure: Exception, is_permanent: bool
) -> None:
    assert delivery.is_permanent(failure) is is_permanent


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_committed_before_the_relay_sees_anything(relay: Relay) -> None:
    seen: list[tuple[int, datetime]] = []

    def look() -> None:
        seen.append(Message.objects.values_list("attempts", "due_at").get())
        connection.close()

    relay.when_content_arrives = lambda: in_a_thread(look)
    a_message()

    delivery.deliver_due()

    ((attempts, due_at),) = seen
    assert attempts == 1
    assert due_at > timezone.now() + timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_send_each_message_once(relay: Relay) -> None:
    for number in range(30):
        a_message(code=f"N-{number:02}")

    together(delivery.deliver_due, 2)

    ids = [mail["Message-ID"] for mail in relay.received]
    assert len(ids) == len(set(ids)) == 30


def in_a_thread(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def together(act: Callable[[], int], count: int) -> None:
    """Run the same act in several threads that start at the same time."""
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            act()
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
