from django.urls import path

from engagement.mailings import views

urlpatterns = [
    path("mailings/<int:pk>/", views.mailing_detail, name="mailing_detail"),
    path("mailings/<int:pk>/progress/", views.mailing_progress, name="mailing_progress"),
    path("mailings/<int:pk>/preview/<int:recipient_pk>/", views.mailing_preview, name="mailing_preview"),
    path("mailings/<int:pk>/test/", views.mailing_test, name="mailing_test"),
    path("mailings/<int:pk>/send/", views.mailing_send, name="mailing_send"),
    path("mailings/<int:pk>/pause/", views.mailing_pause, name="mailing_pause"),
    path("mailings/<int:pk>/resume/", views.mailing_resume, name="mailing_resume"),
    path("mailings/<int:pk>/stop/", views.mailing_stop, name="mailing_stop"),
    path("messages/<uuid:pk>/settle/", views.message_settle, name="message_settle"),
]
