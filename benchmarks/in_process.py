"""The broker's application in this process, without a server: for what must be seen from inside.

    python -m benchmarks.in_process PORT      the statements of each stage, as JSON

The environment is what `arrangement.prepared` leaves.
"""

import io
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import django
from django.core.wsgi import get_wsgi_application
from django.db import connection

from benchmarks.sign_in import STAGES, Answer, SignIn

Around = Callable[[], AbstractContextManager[object]]


class Application:
    """The WSGI application; `around` surrounds each call of it."""

    def __init__(self, port: int) -> None:
        django.setup()
        self._application = get_wsgi_application()
        self._port = port
        self.around: Around = nullcontext

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to one request, as `sign_in.Send` wants it."""
        environ = self._environ(method, target, headers, body)
        started: dict[str, Any] = {}

        def start_response(status: str, sent: list[tuple[str, str]], *_: object) -> None:
            started.update(status=int(status.split()[0]), headers=sent)

        with self.around():
            response = self._application(environ, start_response)
            content = b"".join(response)
            response.close()
        return Answer(started["status"], started["headers"], content)

    def _environ(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        path, _, query = target.removeprefix(f"http://localhost:{self._port}").partition("?")
        given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": str(self._port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": f"localhost:{self._port}",
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_PORT": "50000",
            "CONTENT_TYPE": given.pop("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
            **given,
        }


def statements(port: int) -> dict[str, list[str]]:
    """Return the SQL of each stage, BEGIN and COMMIT included, for a citizen already known."""
    application = Application(port)
    for _ in range(5):
        SignIn(application.send, citizen=1).whole()
    connection.force_debug_cursor = True  # Django clears the log when a request begins
    sign_in, sent = SignIn(application.send, citizen=1), {}
    for stage in STAGES:
        sign_in.play(stage)
        sent[stage] = [query["sql"] for query in connection.queries_log]
    connection.force_debug_cursor = False
    return sent


if __name__ == "__main__":
    print(json.dumps(statements(int(sys.argv[1]))))
