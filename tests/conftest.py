"""For all tests: properties are judged by their examples, not by how busy the machine is; Ctrl+C reaches what a test starts."""

import signal

from hypothesis import HealthCheck, settings

settings.register_profile("small-steps", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("small-steps")

# A shell without job control ignores Ctrl+C for `make test &`, and what is ignored is handed on to every process below.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
