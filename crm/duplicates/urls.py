from django.urls import path

from crm.duplicates import views

urlpatterns = [
    path("duplicates/", views.duplicate_list, name="duplicate_list"),
    path("duplicates/look/", views.duplicate_look, name="duplicate_look"),
    path("duplicates/certain/", views.duplicate_merge_certain, name="duplicate_merge_certain"),
    path("duplicates/<int:pk>/judge/", views.duplicate_judge, name="duplicate_judge"),
    path("contacts/known/", views.contact_known, name="contact_known"),
    path("contacts/<int:pk>/merge/", views.contact_merge_with, name="contact_merge_with"),
    path("contacts/<int:pk>/merge/<int:other>/", views.contact_merge, name="contact_merge"),
    path("organisations/<int:pk>/merge/", views.organisation_merge_with, name="organisation_merge_with"),
    path("organisations/<int:pk>/merge/<int:other>/", views.organisation_merge, name="organisation_merge"),
    path("merges/<int:pk>/", views.merge_detail, name="merge_detail"),
    path("merges/<int:pk>/undo/", views.merge_undo, name="merge_undo"),
]
