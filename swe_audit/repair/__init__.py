"""Proposals that mend a task, each verified: the statement, the required tests, the test patch."""

from swe_audit.repair.folder import repair_document, write_document, write_repair
from swe_audit.repair.history import History, history_of
from swe_audit.repair.nouns import Control, Proposal, RepairKind, TaskRepair, Unmade
from swe_audit.repair.repairing import repair_task
from swe_audit.repair.session import Session

__all__ = [
    "Control",
    "History",
    "Proposal",
    "RepairKind",
    "Session",
    "TaskRepair",
    "Unmade",
    "history_of",
    "repair_document",
    "repair_task",
    "write_document",
    "write_repair",
]
