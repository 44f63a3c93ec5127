from django.urls import path

from crm.bodies import views

urlpatterns = [
    path("bodies/", views.body_list, name="body_list"),
    path("bodies/new/", views.body_new, name="body_new"),
    path("bodies/<int:pk>/", views.body_detail, name="body_detail"),
    path("bodies/<int:pk>/export/<str:kind>/", views.body_export, name="body_export"),
    path("bodies/<int:pk>/edit/", views.body_edit, name="body_edit"),
    path("bodies/<int:pk>/add-seat/", views.body_add_seat, name="body_add_seat"),
    path("seats/<int:pk>/edit/", views.seat_edit, name="seat_edit"),
    path("seats/<int:pk>/hand-over/", views.seat_hand_over, name="seat_hand_over"),
    path("terms/<int:pk>/edit/", views.term_edit, name="term_edit"),
    path("terms/<int:pk>/remove/", views.term_remove, name="term_remove"),
]
