from django.urls import path

from crm.imports import views

urlpatterns = [
    path("import/", views.import_list, name="import_list"),
    path("import/new/", views.import_new, name="import_new"),
    path("import/<int:pk>/", views.import_detail, name="import_detail"),
    path("import/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("import/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("import/<int:pk>/decide/", views.import_decide, name="import_decide"),
    path("import/<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("import/<int:pk>/pause/", views.import_pause, name="import_pause"),
    path("import/<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("import/<int:pk>/told/", views.import_told, name="import_told"),
    path("import/<int:pk>/discard/", views.import_discard, name="import_discard"),
    path("import/<int:pk>/refused/", views.import_refused, name="import_refused"),
]
