from django.urls import path

from engagement.feedback import views

urlpatterns = [path("feedback/", views.feedback_send, name="feedback_send")]
