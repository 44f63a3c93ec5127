from django.urls import path

from engagement.statements import capturing, coding, views

urlpatterns = [
    path("notes/<int:pk>/", capturing.capture, name="capture"),
    path("notes/offline/", capturing.capture_offline, name="capture_offline"),
    path("notes/paste/", capturing.capture_paste, name="capture_paste"),
    path("capture-worker.js", capturing.capture_worker, name="capture_worker"),
    path("notes/<int:pk>/text/", capturing.capture_text, name="capture_text"),
    path("notes/<int:pk>/sync/", capturing.capture_sync, name="capture_sync"),
    path("notes/<int:pk>/speakers/", capturing.capture_speaker, name="capture_speaker"),
    path("notes/speakers/<int:pk>/remove/", capturing.speaker_remove, name="speaker_remove"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/<int:pk>/", views.statement_detail, name="statement_detail"),
    path("statements/<int:pk>/edit/", views.statement_edit, name="statement_edit"),
    path("statements/<int:pk>/remove/", views.statement_remove, name="statement_remove"),
    path("statements/<int:pk>/split/", views.statement_split, name="statement_split"),
    path("statements/<int:pk>/words/", views.statement_doubt, name="statement_doubt"),
    path("statements/<int:pk>/alike/", views.statement_alike, name="statement_alike"),
    path("codes/", coding.code_list, name="code_list"),
    path("codes/new/", coding.code_new, name="code_new"),
    path("codes/<int:pk>/", coding.code_edit, name="code_edit"),
    path("codes/<int:pk>/merge/", coding.code_merge, name="code_merge"),
    path("codes/<int:pk>/delete/", coding.code_delete, name="code_delete"),
    path("codes/merges/<int:pk>/undo/", coding.code_unmerge, name="code_unmerge"),
]
