"""What ran, resumable: ``audit.sqlite`` and its compressed logs."""

from swe_audit.journal.database import FILE_NAME, SCHEMA_VERSION
from swe_audit.journal.records import Address, TaskRecord, TrialRecord
from swe_audit.journal.store import Journal

__all__ = ["FILE_NAME", "SCHEMA_VERSION", "Address", "Journal", "TaskRecord", "TrialRecord"]
