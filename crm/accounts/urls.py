from allauth.account import views as allauth
from django.http import Http404
from django.urls import path, re_path
from django.views.defaults import page_not_found

from crm.accounts import views
from crm.accounts.api import Schema

# Logging in and passwords. allauth has more pages: with the one of e-mail addresses, whoever finds a session
# open takes the account over for good.
_ALLAUTH = [
    path("account/login/", allauth.login, name="account_login"),
    path("account/logout/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/password/change/", allauth.password_change, name="account_change_password"),
    path("account/password/set/", allauth.password_set, name="account_set_password"),
    path("account/password/reset/", allauth.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # Nobody signs up, but allauth asks for this name when it mails an address that has no account.
    path("account/signup/", page_not_found, {"exception": Http404()}, name="account_signup"),
]

urlpatterns = [
    *_ALLAUTH,
    path("account/profile/", views.profile, name="account_profile"),
    path("account/token/", views.token, name="account_token"),
    path("api/v1/schema/", Schema.as_view(), name="api_schema"),
]
