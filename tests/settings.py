"""The settings of the tests: those of the project, and a small app that shows how open Kwartet is."""

from backend.settings import *  # noqa: F403 -- the same but for what follows
from backend.settings import INSTALLED_APPS

SEND_DELAY = 0
# The live server of pytest-django serves static files where it finds Django's own name for them.
_STATIC_FILES = {"backend.apps.StaticFiles": "django.contrib.staticfiles"}
INSTALLED_APPS = [
    *(_STATIC_FILES.get(app, app) for app in INSTALLED_APPS),
    "tests.small_app.apps.SmallAppConfig",
]
