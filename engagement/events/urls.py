from django.urls import path

from engagement.events import views

urlpatterns = [
    path("events/", views.event_list, name="event_list"),
    path("events/new/", views.event_new, name="event_new"),
    path("events/choose/", views.event_choose, name="event_choose"),
    path("events/<int:pk>/", views.event_detail, name="event_detail"),
    path("events/<int:pk>/edit/", views.event_edit, name="event_edit"),
    path("events/<int:pk>/attendance/", views.event_attendance, name="event_attendance"),
    path("events/<int:pk>/export/<str:kind>/", views.event_export, name="event_export"),
    path("events/<int:pk>/needs/<str:kind>/", views.event_needs, name="event_needs"),
    path("events/<int:pk>/cancel/", views.event_cancel, name="event_cancel"),
    path("events/<int:pk>/notes/", views.event_writeup, name="event_writeup"),
    path("events/<int:pk>/invite/", views.event_invite, name="event_invite"),
]
