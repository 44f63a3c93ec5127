from django.urls import path

from engagement.thread import views

urlpatterns = [
    path("strategy/", views.strategy_tree, name="strategy_tree"),
    path("strategy/<int:pk>/", views.strategy_item, name="strategy_item"),
]
