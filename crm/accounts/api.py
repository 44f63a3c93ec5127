"""The description of the API (OpenAPI 3), for whoever may use it."""

from drf_spectacular.views import SpectacularAPIView


class Schema(SpectacularAPIView):
    reads = writes = "contacts.export"
