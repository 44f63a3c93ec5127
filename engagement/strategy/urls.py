from django.urls import path

from engagement.strategy import views

urlpatterns = [
    path("strategy/new/", views.strategy_new, name="strategy_new"),
    path("strategy/order/", views.strategy_order, name="strategy_order"),
    path("strategy/export/<str:kind>/", views.strategy_export, name="strategy_export"),
    path("strategy/<int:pk>/edit/", views.strategy_edit, name="strategy_edit"),
    path("strategy/<int:pk>/move/", views.strategy_move, name="strategy_move"),
    path("strategy/<int:pk>/delete/", views.strategy_delete, name="strategy_delete"),
    path("strategy/<int:pk>/versions/", views.strategy_versions, name="strategy_versions"),
]
