"""The bank holidays of England and Wales, against the published lists of some years."""

from datetime import date

import pytest

from dhr.audit.questions.bank_holidays import bank_holidays, easter_sunday

# gov.uk/bank-holidays, and for earlier years the London Gazette
PUBLISHED = {
    2011: "1-3 4-22 4-25 5-2 5-30 8-29 12-26 12-27",  # without the day of the royal wedding, which no log is old enough for
    2020: "1-1 4-10 4-13 5-8 5-25 8-31 12-25 12-28",
    2021: "1-1 4-2 4-5 5-3 5-31 8-30 12-27 12-28",
    2022: "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27",
    2023: "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26",
    2024: "1-1 3-29 4-1 5-6 5-27 8-26 12-25 12-26",
    2025: "1-1 4-18 4-21 5-5 5-26 8-25 12-25 12-26",
    2026: "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28",
    2027: "1-1 3-26 3-29 5-3 5-31 8-30 12-27 12-28",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_bank_holidays_of_a_year_are_those_that_were_published(year: int) -> None:
    days = {date(year, *map(int, day.split("-"))) for day in PUBLISHED[year].split()}
    assert bank_holidays(year) == days


@pytest.mark.parametrize("day", ["1961-04-02", "2000-04-23", "2008-03-23", "2038-04-25", "2049-04-18"])
def test_easter_is_where_the_church_has_it(day: str) -> None:
    assert easter_sunday(int(day[:4])) == date.fromisoformat(day)
