"""Writing an answer on the wire, at the pace that it asks for."""

import time
from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from apps.sandbox.identity_provider.faults.fault import HttpAnswer

LONGEST_DRIP: Final = 15  # bytes after which a slow answer stops: nobody waits for it any more


def send(answer: HttpAnswer) -> HttpResponseBase:
    """Return the answer to write; a slow or a large one is written piece by piece."""
    time.sleep(answer.silence)
    if answer.pace or answer.repeated > 1:
        response: HttpResponseBase = StreamingHttpResponse(
            _dripped(answer) if answer.pace else _repeated(answer)
        )
    else:
        response = HttpResponse(answer.body)
    response.status_code = answer.status
    response.headers["Content-Type"] = answer.content_type
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _dripped(answer: HttpAnswer) -> Iterator[bytes]:
    for byte in answer.body[:LONGEST_DRIP]:
        time.sleep(answer.pace)
        yield bytes([byte])


def _repeated(answer: HttpAnswer) -> Iterator[bytes]:
    for _ in range(answer.repeated):
        yield answer.body
