"""The hub: the school's folder over HTTP, the door to the app, and the pages that families open.

app = create_app("/srv/school", key_at(Path("key")), web=Path("build/web"))
"""

from app.hub.site import create_app

__all__ = ["create_app"]
