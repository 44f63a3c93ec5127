from django.urls import path

from crm.directory.segments import views

urlpatterns = [
    path("segments/", views.segment_list, name="segment_list"),
    path("selections/menu/", views.segment_menu, name="segment_menu"),
    path("segments/new/", views.segment_new, name="segment_new"),
    path("segments/<int:pk>/edit/", views.segment_edit, name="segment_edit"),
    path("segments/<int:pk>/delete/", views.segment_delete, name="segment_delete"),
]
