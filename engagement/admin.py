"""Gathers the settings pages of the nouns for Django."""

from engagement.strategy import admin as strategy

__all__ = ["strategy"]
