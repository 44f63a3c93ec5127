from django.urls import path

from engagement.approvals import views

urlpatterns = [
    path("notes/<int:pk>/approval/", views.approval_ask, name="approval_ask"),
    path("speakers/<int:pk>/approval/", views.approval_record, name="approval_record"),
    path("statements/<int:pk>/approval/", views.approval_take, name="approval_take"),
]
