"""The hub: the school's folder over HTTP, the door to the app, and the pages that families open.

app = app.hub.site.create_app("/srv/school", key, web=Path("build/web"))
"""
