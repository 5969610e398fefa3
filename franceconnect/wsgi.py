"""The WSGI application of the site that DJANGO_SETTINGS_MODULE names."""

from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

if settings.SITE == "broker":
    import_module("franceconnect.celery")  # now, not when the first citizen waits for a message
    for keys in ("apps.broker.op.keys", "apps.broker.rp.client_keys"):
        import_module(keys).ours()  # a file that is wrong stops the start, not a sign-in
