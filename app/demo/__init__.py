"""The made-up school: drawn by program from a seed, so that it can be tried and tested with no real child in it."""

from app.demo.school import make

__all__ = ["make"]
