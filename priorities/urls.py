from django.urls import path

from priorities import views

app_name = "priorities"
urlpatterns = [
    path("", views.home, name="home"),
    path("priorities/<slug:slug>/", views.priority, name="priority"),
    path("mission/", views.mission, name="mission"),
    path("roadmap/", views.roadmap, name="roadmap"),
    path("plans/", views.plans, name="plans"),
]
