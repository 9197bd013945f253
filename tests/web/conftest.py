"""One built app for all tests of the shell."""

from tests.browser import browser_page, built_app, profile

__all__ = ["browser_page", "built_app", "profile"]
