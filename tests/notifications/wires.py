"""A Celery application whose broker is the database of the tests, for the bell of this process."""

from celery import Celery

app: Celery
