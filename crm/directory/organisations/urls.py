from django.urls import path

from crm.directory.organisations import api, views

_MANY = {"get": "list", "post": "create"}
_ONE = {"get": "retrieve", "put": "update", "patch": "partial_update"}
_many = api.OrganisationViewSet.as_view(_MANY, detail=False)
_one = api.OrganisationViewSet.as_view(_ONE, detail=True)

urlpatterns = [
    path("api/v1/organisations/", _many, name="api_organisations"),
    path("api/v1/organisations/<int:pk>/", _one, name="api_organisation"),
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/export/<str:kind>/", views.organisation_export, name="organisation_export"),
    path("organisations/suggestions/", views.organisation_suggestions, name="organisation_suggestions"),
    path("organisations/new/", views.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", views.organisation_detail, name="organisation_detail"),
    path("organisations/<int:pk>/edit/", views.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/delete/", views.organisation_delete, name="organisation_delete"),
]
