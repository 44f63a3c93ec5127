"""The addresses of Kwartet with one more."""

from django.urls import path

from backend.urls import urlpatterns as ours
from crm.directory.contacts.views import contact_list

urlpatterns = [*ours, path("coffees/", contact_list, name="small_app_coffees")]
