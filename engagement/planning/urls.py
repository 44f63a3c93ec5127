from django.urls import path

from engagement.planning import views

urlpatterns = [
    path("interviews/plan/", views.interview_plan, name="interview_plan"),
    path("interviews/<int:pk>/assign/", views.interview_assign, name="interview_assign"),
]
