"""Screens are drawn over the desks of the use cases' tests."""

from tests.usecases.conftest import colleague, hub, phone, refused, shut, sit, tablet, time, waiting, web

__all__ = ["colleague", "hub", "phone", "refused", "shut", "sit", "tablet", "time", "waiting", "web"]
