from django.urls import path

from engagement.intercoder import views

urlpatterns = [
    path("codes/rounds/", views.round_list, name="code_round_list"),
    path("codes/rounds/new/", views.round_new, name="code_round_new"),
    path("codes/rounds/<int:pk>/", views.round_detail, name="code_round_detail"),
    path("codes/rounds/<int:pk>/finish/", views.round_finish, name="code_round_finish"),
    path("codes/rounds/<int:pk>/<int:position>/", views.round_code, name="code_round_code"),
    path("codes/rounds/<int:pk>/<int:position>/choose/", views.round_choose, name="code_round_choose"),
]
