"""The Celery application: which task modules there are and when beat rings them."""

import gc
import os

from celery import Celery
from celery.signals import task_prerun, worker_process_init
from django.db import close_old_connections
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery(
    "kwartet",
    include=[
        "tasks.approvals",
        "tasks.attachments",
        "tasks.bulk",
        "tasks.duplicates",
        "tasks.facets",
        "tasks.feedback",
        "tasks.followups",
        "tasks.heartbeat",
        "tasks.imports",
        "tasks.inbox",
        "tasks.links",
        "tasks.needs",
        "tasks.noes",
        "tasks.outbox",
        "tasks.reminders",
        "tasks.sessions",
        "tasks.statements",
    ],
)
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_process_init.connect
def _warm_up(**_kwargs: object) -> None:
    """Load what mails need for the addresses in them, so that the first one does not wait for it.

    What is loaded by then stays: looking through all of it for garbage takes a quarter of a second each time,
    in which some hundreds of messages go out.
    """
    reverse("preferences", args=["-"])
    gc.collect()
    gc.freeze()


@task_prerun.connect
def _drop_dead_connections(**_kwargs: object) -> None:
    """Connections are kept between tasks (CELERY_DB_REUSE_MAX), so one that broke would fail every task."""
    close_old_connections()
