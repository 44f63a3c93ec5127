"""Gathers the pages of the nouns."""

from crm.accounts.urls import urlpatterns as accounts
from crm.bodies.urls import urlpatterns as bodies
from crm.bulk.urls import urlpatterns as bulk
from crm.contacts.urls import urlpatterns as contacts
from crm.duplicates.urls import urlpatterns as duplicates
from crm.history.urls import urlpatterns as history
from crm.imports.urls import urlpatterns as imports
from crm.organisations.urls import urlpatterns as organisations
from crm.preferences.urls import urlpatterns as preferences
from crm.segments.urls import urlpatterns as segments
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
