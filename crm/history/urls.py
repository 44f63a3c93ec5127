from django.urls import path

from crm.history import views

urlpatterns = [
    path("contacts/<int:pk>/history/", views.contact_history, name="contact_history"),
    path("contacts/<int:pk>/history/restore/", views.contact_restore, name="contact_restore"),
    path("organisations/<int:pk>/history/", views.organisation_history, name="organisation_history"),
    path("organisations/<int:pk>/history/restore/", views.organisation_restore, name="organisation_restore"),
]
