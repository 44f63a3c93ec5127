from django.urls import path

from engagement.inbox import views

urlpatterns = [path("inbox/", views.inbox_list, name="inbox_list")]
