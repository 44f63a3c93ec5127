"""All addresses of Kwartet; tests/addresses.py lists every one with who may open it."""

from django.contrib import admin
from django.urls import include, path

from backend.health import healthz

urlpatterns = [
    path("", include("engagement.urls")),
    path("", include("crm.urls")),
    path("settings/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]

handler500 = "backend.errors.error_page"
