"""The addresses of the mailbox."""

from django.urls import path

from apps.sandbox.mailbox import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("vider", views.empty, name="empty_inbox"),
    path("<int:pk>/", views.message, name="message"),
    path("<int:pk>/html", views.html_part, name="message_html"),
]
