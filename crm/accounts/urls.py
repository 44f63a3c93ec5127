from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
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
    path("account/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    # Nobody signs up, but allauth asks for this name when it mails an address that has no account.
    path("account/signup/", page_not_found, {"exception": Http404()}, name="account_signup"),
]

# The second step. Downloading the codes is left out, since they can be copied and printed.
_SECOND_STEP = [
    path("account/second-step/", mfa.index, name="mfa_index"),
    path("account/second-step/code/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-step/once-more/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-step/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    *_ALLAUTH,
    *_SECOND_STEP,
    path("account/sessions/", views.sessions, name="account_sessions"),
    path("account/profile/", views.profile, name="account_profile"),
    path("account/resume/", views.resume, name="account_resume"),
    path("account/token/", views.token, name="account_token"),
    path("api/v1/schema/", Schema.as_view(), name="api_schema"),
]
