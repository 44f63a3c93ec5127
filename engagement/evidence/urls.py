from django.urls import path

from engagement.evidence import views

urlpatterns = [
    path("strategy/link/", views.evidence_link, name="evidence_link"),
    path("strategy/link/undo/", views.evidence_undo, name="evidence_undo"),
    path("strategy/evidence/<int:pk>/", views.evidence_edit, name="evidence_edit"),
    path("strategy/evidence/<int:pk>/unlink/", views.evidence_unlink, name="evidence_unlink"),
]
