"""Candidates that are wrong on purpose: gold with a unit dropped, a line raising, a mutant."""

from swe_audit.alternatives.mutants.drafts import mutant_drafts, mutant_refusals

__all__ = ["mutant_drafts", "mutant_refusals"]
