"""Gathers the models of the one noun for Django."""

from tests.small_app.coffees.models import Coffee

__all__ = ["Coffee"]
