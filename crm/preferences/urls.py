from django.urls import path

from crm.preferences import views

urlpatterns = [
    path("contacts/<int:pk>/preferences/", views.contact_preferences, name="contact_preferences"),
]
