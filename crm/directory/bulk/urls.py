from django.urls import path

from crm.directory.bulk import views

urlpatterns = [
    path("contacts/bulk/", views.bulk_list, name="bulk_list"),
    path("contacts/bulk/new/", views.bulk_new, name="bulk_new"),
    path("contacts/bulk/<int:pk>/", views.bulk_detail, name="bulk_detail"),
    path("contacts/bulk/<int:pk>/progress/", views.bulk_progress, name="bulk_progress"),
    path("contacts/bulk/<int:pk>/start/", views.bulk_start, name="bulk_start"),
    path("contacts/bulk/<int:pk>/discard/", views.bulk_discard, name="bulk_discard"),
    path("contacts/bulk/<int:pk>/undo/", views.bulk_undo, name="bulk_undo"),
]
