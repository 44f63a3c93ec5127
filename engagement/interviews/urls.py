from django.urls import path

from engagement.interviews import views

urlpatterns = [
    path("interviews/", views.interview_list, name="interview_list"),
    path("interviews/new/", views.interview_new, name="interview_new"),
    path("interviews/<int:pk>/", views.interview_detail, name="interview_detail"),
    path("interviews/<int:pk>/edit/", views.interview_edit, name="interview_edit"),
    path("interviews/<int:pk>/state/", views.interview_step, name="interview_step"),
    path("interviews/<int:pk>/delete/", views.interview_delete, name="interview_delete"),
    path("interviews/guides/", views.guide_list, name="guide_list"),
    path("interviews/guides/new/", views.guide_new, name="guide_new"),
    path("interviews/guides/<int:pk>/", views.guide_edit, name="guide_edit"),
]
