"""A WebKit window with a profile that lasts, for a WebDriver to hold: `/usr/bin/python3 webkit_window.py PROFILE FEATURE...`.

Debian's own Python runs it, which has `gi`. WebKit's MiniBrowser would do, but it forgets everything when a driver holds it.
"""

import sys
from typing import Any

import gi

SIZE = (1180, 820)


def main(profile: str, *switched_on: str) -> None:
    gi.require_version("Gtk", "3.0")
    gi.require_version("WebKit2", "4.1")
    from gi.repository import Gtk, WebKit2

    kept = WebKit2.WebsiteDataManager(base_data_directory=profile, base_cache_directory=f"{profile}/cache")
    context = WebKit2.WebContext.new_with_website_data_manager(kept)
    context.set_automation_allowed(True)
    windows: list[Any] = []

    def view(_session: Any) -> Any:
        inside = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
        inside.connect("close", lambda _view: Gtk.main_quit())
        window = Gtk.Window()
        window.set_default_size(*SIZE)
        window.add(inside)
        window.show_all()
        windows.append(window)
        return inside

    def started(_context: Any, session: Any) -> None:
        name = WebKit2.ApplicationInfo()
        name.set_name("MiniBrowser")  # what Selenium asks for
        name.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
        session.set_application_info(name)
        session.connect("create-web-view", view)

    settings = WebKit2.Settings()
    features = WebKit2.Settings.get_all_features()
    for feature in map(features.get, range(features.get_length())):
        if feature.get_identifier() in switched_on:
            settings.set_feature_enabled(feature, True)
    settings.set_enable_write_console_messages_to_stdout(True)
    context.connect("automation-started", started)
    Gtk.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
