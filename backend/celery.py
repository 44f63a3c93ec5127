"""The Celery application: which task modules there are and when beat rings them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery(
    "kwartet",
    include=[
        "tasks.bulk",
        "tasks.duplicates",
        "tasks.facets",
        "tasks.heartbeat",
        "tasks.imports",
        "tasks.inbox",
        "tasks.outbox",
        "tasks.reminders",
    ],
)
app.config_from_object("django.conf:settings", namespace="CELERY")
