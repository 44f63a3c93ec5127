"""Gathers the settings pages of the nouns for Django."""

from crm.accounts import admin as accounts
from crm.themes import admin as themes

__all__ = ["accounts", "themes"]
