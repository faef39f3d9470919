app_name = "board_desk"
urlpatterns = []
