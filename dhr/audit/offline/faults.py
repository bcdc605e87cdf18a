"""What can be wrong with a log, by name, and what is to be said about it."""

from __future__ import annotations

from collections import defaultdict

EDIT, DELETE, INSERT, REORDER, TAIL_CUT = "edit", "delete", "insert", "reorder", "tail cut"
REPLACED, FORK, BACK_DATED = "whole-log replacement", "fork", "back-dating"
REPLAYED, RE_SIGNED = "replayed old checkpoint", "re-signed with another key"
DAMAGED = "damaged export"  # the log may be whole: it is this file that is not
MOST_TOLD = 5  # of one kind


class Unusable(Exception):
    """This cannot be checked; the words say why."""


class Report:
    """Faults by kind, and what could not be checked."""

    def __init__(self) -> None:
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.more: dict[str, int] = defaultdict(int)
        self.unchecked: list[str] = []

    @property
    def broken(self) -> bool:
        return any(self.faults.values())

    def blame(self, kind: str, sentence: str) -> None:
        if len(self.faults[kind]) < MOST_TOLD:
            self.faults[kind].append(sentence)
        else:
            self.more[kind] += 1
