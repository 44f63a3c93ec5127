from django.urls import path

from crm.directory.contacts import api, views

_MANY = {"get": "list", "post": "create"}
_ONE = {"get": "retrieve", "put": "update", "patch": "partial_update"}

urlpatterns = [
    path("api/v1/contacts/", api.ContactViewSet.as_view(_MANY, detail=False), name="api_contacts"),
    path("api/v1/contacts/<int:pk>/", api.ContactViewSet.as_view(_ONE, detail=True), name="api_contact"),
    path("contacts/", views.contact_list, name="contact_list"),
    path("contacts/new/", views.contact_new, name="contact_new"),
    path("contacts/filters/", views.contact_filters, name="contact_filters"),
    path("contacts/columns/", views.contact_columns, name="contact_columns"),
    path("contacts/export/<str:kind>/", views.contact_export, name="contact_export"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/told/", views.contact_told, name="contact_told"),
    path("contacts/<int:pk>/delete/", views.contact_delete, name="contact_delete"),
]
