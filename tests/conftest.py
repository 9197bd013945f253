"""For all tests: properties are judged by their examples, not by how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile("small-steps", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("small-steps")
