from django.urls import path

from outcomes.desk import deciding, entering, home, measures, pasting, paths, reviewing, series

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("measures/", home.measures, name="measures"),
    path("measures/<slug:code>/", measures.measure, name="measure"),
    path("measures/<slug:code>/history.csv", measures.history_csv, name="measure_csv"),
    path("measures/<slug:code>/enter/", entering.enter, name="enter"),
    path("measures/<slug:code>/correct/<int:pk>/", entering.correct, name="correct"),
    path("measures/<slug:code>/targets/", paths.targets, name="targets"),
    path("measures/<slug:code>/series/", series.new_series, name="series"),
    path("paste/", pasting.paste, name="paste"),
    path("paste/<int:pk>/", reviewing.review, name="paste_review"),
    path("paste/due.<slug:kind>", pasting.due_file, name="due_file"),
    path("submissions/", deciding.submissions, name="submissions"),
    path("submissions/<int:pk>/", deciding.submission, name="submission"),
    path("submissions/<int:pk>/history.csv", deciding.history_csv, name="submission_csv"),
    path("submissions/<int:pk>/decide/", deciding.decide, name="decide"),
    path("submissions/<int:pk>/move/", deciding.move, name="move"),
]
