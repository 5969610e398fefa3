"""The pages of the mailbox. Nothing of a message is trusted: it may come from anybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from apps.sandbox.answers import replace_policy, widen_policy
from apps.sandbox.mailbox.opened_mail import open_mail, with_links_outside
from apps.sandbox.models import Mail

SHOWN = 200

# The message in its frame: its own styles, nothing from elsewhere, no script, no form, no origin.
_MESSAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the messages, newest first."""
    mails = list(Mail.objects.defer("source")[:SHOWN])
    context = {"mails": mails, "shown": SHOWN, "total": Mail.objects.count()}
    return render(request, "sandbox/mailbox/inbox.html", context)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message: headers, text, and the HTML part in its frame."""
    mail = get_object_or_404(Mail, pk=pk)
    context = {"mail": mail, "opened": open_mail(bytes(mail.source))}
    response = render(request, "sandbox/mailbox/message.html", context)
    return widen_policy(response, {"frame-src": ["'self'"]})


@require_safe
@xframe_options_sameorigin
def html_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the HTML part alone, under a policy that lets it do nothing."""
    opened = open_mail(bytes(get_object_or_404(Mail, pk=pk).source))
    return replace_policy(HttpResponse(with_links_outside(opened.html)), _MESSAGE_POLICY)


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Delete every message."""
    Mail.objects.all().delete()
    messages.success(request, "La boîte est vide.")
    return redirect("inbox")
