"""Gathers the pages of the nouns."""

from crm.accounts.urls import urlpatterns as accounts
from crm.bodies.urls import urlpatterns as bodies
from crm.directory.bulk.urls import urlpatterns as bulk
from crm.directory.contacts.urls import urlpatterns as contacts
from crm.directory.organisations.urls import urlpatterns as organisations
from crm.directory.segments.urls import urlpatterns as segments
from crm.duplicates.urls import urlpatterns as duplicates
from crm.history.urls import urlpatterns as history
from crm.imports.urls import urlpatterns as imports
from crm.preferences.urls import urlpatterns as preferences
from crm.themes.urls import urlpatterns as themes
from crm.timeline.urls import urlpatterns as timeline

urlpatterns = [
    *accounts,
    *contacts,
    *bulk,
    *duplicates,
    *history,
    *segments,
    *organisations,
    *bodies,
    *preferences,
    *themes,
    *timeline,
    *imports,
]
