from django.urls import path

from crm.accounts import views
from crm.accounts.api import Schema

urlpatterns = [
    path("account/profile/", views.profile, name="account_profile"),
    path("account/token/", views.token, name="account_token"),
    path("api/v1/schema/", Schema.as_view(), name="api_schema"),
]
