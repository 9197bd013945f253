"""The fixture of a house of two families, for the tests of what they see."""

import os

import pytest

from app.usecases.register import roster
from storage.folder.memory import Memory
from storage.store import Store
from tests.storage.parts import ticking
from tests.usecases.parts import House


@pytest.fixture
async def house() -> House:
    store = await Store.open(Memory(), now=ticking())
    oak = await roster.add_class(store, "Oak", os.urandom)
    amira = await roster.add_pupil(store, oak, {"name": "Amira Haddad", "likes": "water, and Leo"}, os.urandom)
    leo = await roster.add_pupil(store, oak, {"name": "Leonard Marsh", "preferred_name": "Leo"}, os.urandom)
    return House(store, amira, leo)
