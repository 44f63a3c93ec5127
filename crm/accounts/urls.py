from django.urls import path

from crm.accounts import views

urlpatterns = [path("account/profile/", views.profile, name="account_profile")]
