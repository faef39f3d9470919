app_name = "offering"
urlpatterns = []
