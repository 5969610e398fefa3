"""The pages of what was refused or failed: they need neither a session nor the database."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TEMPLATE: Final = "admin/failure.html"


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: the agent's role does not include this."""
    return _page(
        request, 403, "Accès refusé", "Votre rôle ne permet pas cette action. Rien n’a été modifié."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(request, 404, "Page introuvable", "Cette adresse n’existe pas ou n’existe plus.")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(
        request, 500, "Incident", "Le back-office n’a pas pu répondre. Réessayez dans un instant."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that did not come from one of our pages, or came too late."""
    return _page(
        request,
        403,
        "Formulaire expiré",
        "La page que vous avez envoyée n’est plus valable. Revenez en arrière, rechargez-la et "
        "recommencez. Rien n’a été modifié.",
    )


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, TEMPLATE, {"title": title, "text": text}, status=status)
