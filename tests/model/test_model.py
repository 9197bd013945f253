"""Three tablets, one folder and every fault we know of, in made-up order: nothing saved is lost, all see the same."""

import pytest

from tests.lanes import IN_FULL
from tests.model.world import broken, schedule_of, shrunk

RUNS, BLOCKS = 2_400 if IN_FULL else 240, 8


@pytest.mark.parametrize("block", range(BLOCKS))
def test_i7_whatever_befalls_the_tablets_and_the_folder_nothing_saved_is_lost(block: int) -> None:
    for seed in range(block * RUNS // BLOCKS, (block + 1) * RUNS // BLOCKS):
        schedule = schedule_of(seed)
        if told := broken(schedule, seed):
            lines = "\n".join(shrunk(schedule, seed))
            pytest.fail(f"{told}\nseed {seed}, shrunk to:\n{lines}")


FAULTS_THAT_MEET = {
    "a lost answer, then a restart from a backup": """
        save 0 / write 0 a shot / fault lost_ack / sync 0 / restore 0 / write 0 a level / sync 0 / write 0 a note / sync 0 /
        sync 1
    """,
    "dark in the middle of sealing two children, then a full disk": """
        write 0 a level / write 0 b shot / dark 0 1 after / sync 0 / full 0 300 / sync 0 / write 0 a note / sync 0
    """,
    "two notes at once, a clock a day ahead and one a day behind": """
        clock 1 86400000 / clock 2 -86400000 / write 1 a note / sync 1 / sync 2 / write 2 a level / write 2 a note /
        write 1 b note / write 1 a note / sync 2 / sync 1 / sync 0 / write 0 b level / write 0 a note / sync 0
    """,
    "a pupil leaves while the answer is lost and the tablet dies": """
        write 0 b shot / fault lost_ack / leave 0 / kill 0 / dark 0 2 before / leave 0 / leave 0 / write 0 b note / sync 0
    """,
    "a late name, a rotten file and a conflict copy": """
        fault late / write 0 a shot / sync 0 / write 0 a level / sync 0 / sync 1 / rot 1 / copy 0 / copy 1 / sync 2 / sync 1
    """,
    "every tablet is set back to an early backup": """
        write 0 a level / sync 0 / sync 1 / sync 2 / save 0 / save 1 / save 2 / write 0 a note / write 1 a note / write 2 b shot /
        sync 0 / sync 1 / sync 2 / restore 0 / restore 1 / restore 2 / write 0 b level / write 1 b level / write 2 b level
    """,
    "two weeks of folding, with an answer lost and a file that rots": """
        write 0 a level / sync 0 / write 0 a note / sync 0 / write 0 a shot / sync 0 / sync 1 / compact 0 / fault lost_ack /
        sync 0 / rot 2 / sync 1 / sync 0 / fortnight 0 / sync 1 / sync 2 / kill 1 / kill 0
    """,
    "a copy of a tablet folds what the other folds": """
        write 0 a level / sync 0 / write 0 a level / sync 0 / clone 0 1 / write 0 a note / write 1 a note / sync 0 / sync 1 /
        compact 0 / compact 1 / sync 0 / sync 1 / fortnight 0 / fortnight 1 / sync 2
    """,
    "a child is erased while a tablet is away with more of it": """
        write 0 a shot / write 1 a shot / sync 0 / save 0 / erase 2 a / sync 2 / wipe / write 1 a note / sync 1 / restore 0 /
        compact 0 / sync 0 / wipe
    """,
    "a clock of 1970 and one of 2106 while files are folded": """
        clock 0 -1790000000000 / clock 1 2520000000000 / write 0 a level / write 1 a level / sync 0 / sync 1 / write 0 a note /
        write 1 a note / sync 0 / sync 1 / compact 0 / compact 1 / sync 0 / sync 1 / clock 0 0 / clock 1 0 / fortnight 0 /
        fortnight 1
    """,
    "nobody has the bytes, and a tablet remembers": """
        write 1 a level / sync 1 / sync 0 / close 0 / rotall 0 / evict 1 / days 2 / sync 0 / days 2 / sync 0 / sync 2
    """,
    "pictures leave, and one that is not sent stays whatever the pressure": """
        write 0 a shot / sync 0 / write 0 b shot / shed 0 / full 0 300 / write 0 a shot / kill 0 / sync 0 / shed 0 / kill 0
    """,
    "a picture rots here before the folder said that it has it": """
        write 0 a shot / fault lost_ack / sync 0 / rothere 0 0 / look 0 / sync 0 / kill 0 / sync 0 / sync 1
    """,
}


@pytest.mark.parametrize("name", FAULTS_THAT_MEET)
def test_i7_faults_that_meet_lose_nothing(name: str) -> None:
    assert broken([line.strip() for line in FAULTS_THAT_MEET[name].split("/")]) == ""
