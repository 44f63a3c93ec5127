from django.urls import path

from engagement.planning import views

urlpatterns = [
    path("interviews/plan/", views.interview_plan, name="interview_plan"),
    path("interviews/plan/mail/", views.interview_mail, name="interview_mail"),
    path("interviews/plan/agenda.ics", views.interview_agenda, name="interview_agenda"),
    path("interviews/<int:pk>/assign/", views.interview_assign, name="interview_assign"),
]
