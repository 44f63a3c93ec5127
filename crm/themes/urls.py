from django.urls import path

from crm.themes import views

urlpatterns = [path("tags/suggestions/", views.tag_suggestions, name="tag_suggestions")]
