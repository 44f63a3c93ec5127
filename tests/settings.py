"""The settings of the tests: those of the project, and a small app that shows how open Kwartet is."""

from backend.settings import *  # noqa: F403 -- the same but for what follows
from backend.settings import INSTALLED_APPS

SEND_DELAY = 0
INSTALLED_APPS = [*INSTALLED_APPS, "tests.small_app.apps.SmallAppConfig"]
