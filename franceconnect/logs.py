"""Structured logs: one JSON object a line, no identity, no token, no secret at any level."""

from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configuration(*, level: str) -> dict[str, object]:
    """Return Django's LOGGING, and configure structlog to write through it."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": [*_SHARED, structlog.stdlib.add_logger_name],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "celery": {"level": "WARNING"},  # it would log each ring of the bell
            # Debugging, these write secrets: authorization codes, whole template contexts, and the
            # addresses of calls, one of which carries an identity to the civil register.
            "oauthlib": {"level": "WARNING"},
            "django.template": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
        },
    }
