from django.urls import path

from engagement.exchange import views

urlpatterns = [
    path("statements/exchange/", views.exchange, name="statement_exchange"),
    path("statements/exchange/statements.<slug:kind>", views.statement_export, name="statement_export"),
    path("statements/exchange/outcomes.<slug:kind>", views.outcome_export, name="statement_outcome_export"),
    path("statements/exchange/codes.<slug:kind>", views.code_export, name="code_export"),
    path("statements/exchange/codebook.qdc", views.codebook_export, name="code_codebook"),
    path("statements/exchange/project.qdpx", views.project_export, name="statement_project"),
    path("statements/exchange/whole/", views.project_export_whole, name="statement_project_whole"),
]
