from django.urls import path

from engagement.followups import views

urlpatterns = [
    path("follow-ups/", views.followup_list, name="followup_list"),
    path("follow-ups/new/", views.followup_new, name="followup_new"),
    path("follow-ups/by-mail/", views.followup_rhythm, name="followup_rhythm"),
    path("follow-ups/<int:pk>/", views.followup_edit, name="followup_edit"),
    path("follow-ups/<int:pk>/done/", views.followup_done, name="followup_done"),
    path("follow-ups/<int:pk>/reopen/", views.followup_reopen, name="followup_reopen"),
    path("follow-ups/<int:pk>/delete/", views.followup_delete, name="followup_delete"),
]
