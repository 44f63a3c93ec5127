from django.urls import path

from engagement.public import views

urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("p/<str:token>/", views.preferences, name="preferences"),
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
