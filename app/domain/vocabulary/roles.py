"""Roles of staff: what somebody may do goes by them."""

from enum import StrEnum


class Role(StrEnum):
    TA = "ta"
    TEACHER = "teacher"
    SENCO = "senco"
    SLT = "slt"
    DSL = "dsl"
