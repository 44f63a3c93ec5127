from django.urls import path

from engagement.search import views

urlpatterns = [path("search/", views.search_page, name="search")]
