from django.urls import path

from engagement.today import views

urlpatterns = [path("", views.today, name="today")]
