from django.urls import path

from outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.index, name="index"),
    path("outcomes/<slug:code>/", views.outcome, name="outcome"),
    path("outcomes/<slug:code>/chart.svg", views.chart_svg, name="chart_svg"),
    path("outcomes/<slug:code>/chart.json", views.chart_json, name="chart_json"),
    path("outcomes/<slug:code>/data.<slug:kind>", views.outcome_file, name="file"),
    path("embed/outcomes/<slug:code>/", views.embed, name="embed"),
    path("data/", views.data, name="data"),
    path("data/<slug:name>.<slug:kind>", views.data_file, name="data_file"),
    path("method/", views.method, name="method"),
]
