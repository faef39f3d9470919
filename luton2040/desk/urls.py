from django.urls import path

from luton2040.desk import account, holding, people, records, wording

app_name = "staff"

urlpatterns = [
    path("account/", account.account, name="account"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("wording/", wording.wordings, name="wordings"),
    path("wording/<slug:kind>/<str:key>/", wording.reword, name="reword"),
    path("hold/", holding.hold, name="hold"),
    path("hold/<int:pk>/lift/", holding.lift, name="lift"),
    path("audit/", records.audit_pages, name="audit"),
    path("audit.csv", records.audit_csv, name="audit_csv"),
]
