from django.urls import path

from engagement.compositions import views

urlpatterns = [
    path("mailings/new/", views.composition_new, name="composition_new"),
    path("mailings/<int:pk>/copy/", views.composition_copy, name="composition_copy"),
    path("mailings/<int:pk>/text/", views.composition_edit, name="composition_edit"),
    path("mailings/<int:pk>/text/proof/", views.composition_proof, name="composition_proof"),
]
