"""What the rail leads to, in its order."""

from dataclasses import dataclass

import flet as ft

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_
from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Tab:
    """`path` is its first screen, which needs the right `needs`."""

    path: str
    name: str
    icon: ft.IconData
    needs: Right = Right.LOOK


HOME = Tab("/", N_("Home"), ft.Icons.HOME)
PUPILS = Tab("/pupils", N_("Pupils"), ft.Icons.FACE)
REVIEW = Tab("/review", N_("Review"), ft.Icons.RATE_REVIEW, Right.REVIEW)
PAPERS = Tab("/reports", N_("Papers"), ft.Icons.DESCRIPTION, Right.PAPERS)
SCHOOL = Tab("/school", N_("School"), ft.Icons.SCHOOL, Right.SET_UP)
TABS = (HOME, PUPILS, REVIEW, PAPERS, SCHOOL)


def tabs(desk: Desk) -> list[Tab]:
    """Exactly those whose right is there."""
    return [tab for tab in TABS if desk.session.has(tab.needs)]
