from django.urls import path

from engagement.briefings import views

urlpatterns = [
    path("themes/", views.briefing_list, name="briefing_list"),
    path("themes/<slug:slug>/", views.briefing_detail, name="briefing_detail"),
    path("themes/<slug:slug>/<str:kind>/", views.briefing_export, name="briefing_export"),
]
