from django.urls import path

from engagement.public import approval, feedback, views

urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("w/<str:token>/", approval.approval, name="approval"),
    path("f/<str:token>/", feedback.feedback, name="feedback"),
    path("p/<str:token>/", views.preferences, name="preferences"),
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
