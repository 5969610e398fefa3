"""The pages of a row, and what they say."""

import re
from html import unescape

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse


def address(row: Model, page: str = "change") -> str:
    """Return the address of a page about a row."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[row.pk])


def text_of(response: HttpResponse) -> str:
    """Return the words of a page, without its header, on one line."""
    content = response.content.decode().partition("content-main")[2]
    shown = unescape(re.sub(r"<[^>]+>", " ", content))
    return " ".join(shown.replace("\u202f", " ").split())
