from django.urls import path

from engagement.mailings import actions, views

urlpatterns = [
    path("mailings/", views.mailing_list, name="mailing_list"),
    path("mailings/<int:pk>/", views.mailing_detail, name="mailing_detail"),
    path("mailings/<int:pk>/progress/", views.mailing_progress, name="mailing_progress"),
    path("mailings/<int:pk>/preview/<int:recipient_pk>/", views.mailing_preview, name="mailing_preview"),
    path("mailings/<int:pk>/test/", actions.mailing_test, name="mailing_test"),
    path("mailings/<int:pk>/export/<str:kind>/", views.mailing_export, name="mailing_export"),
    path("mailings/<int:pk>/leave-out/", actions.mailing_leave_out, name="mailing_leave_out"),
    path("mailings/<int:pk>/take-in/", actions.mailing_take_in, name="mailing_take_in"),
    path("mailings/<int:pk>/schedule/", actions.mailing_schedule, name="mailing_schedule"),
    path("mailings/<int:pk>/unschedule/", actions.mailing_unschedule, name="mailing_unschedule"),
    path("mailings/<int:pk>/send/", actions.mailing_send, name="mailing_send"),
    path("mailings/<int:pk>/delete/", actions.mailing_delete, name="mailing_delete"),
    path("mailings/<int:pk>/pause/", actions.mailing_pause, name="mailing_pause"),
    path("mailings/<int:pk>/resume/", actions.mailing_resume, name="mailing_resume"),
    path("mailings/<int:pk>/stop/", actions.mailing_stop, name="mailing_stop"),
    path("messages/<uuid:pk>/settle/", actions.message_settle, name="message_settle"),
]
