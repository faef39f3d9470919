app_name = "pledge_desk"
urlpatterns = []
