from django.urls import path

from crm.timeline import views

urlpatterns = [
    path("contacts/<int:pk>/note/", views.contact_note, name="contact_note"),
    path("organisations/<int:pk>/note/", views.organisation_note, name="organisation_note"),
]
