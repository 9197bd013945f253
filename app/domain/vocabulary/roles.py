"""Roles of staff: they decide what a person may do."""

from enum import StrEnum


class Role(StrEnum):
    TA = "ta"
    TEACHER = "teacher"
    SENCO = "senco"
    SLT = "slt"
    DSL = "dsl"


NO_ROLE: frozenset[Role] = frozenset()
RECORDERS = frozenset({Role.TA, Role.TEACHER, Role.SENCO, Role.DSL})
REVIEWERS = frozenset({Role.SENCO, Role.DSL})
PLANNERS = frozenset({Role.TEACHER, Role.SENCO})
SENCO = frozenset({Role.SENCO})
