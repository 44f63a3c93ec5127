from django.urls import path

from engagement.audiences import views

urlpatterns = [
    path("mailings/<int:pk>/audience/", views.mailing_audience, name="mailing_audience"),
]
