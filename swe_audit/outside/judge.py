"""Ask an outside judge whether a rejected submission is correct."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from swe_audit.evidence.opinion import Question
from swe_audit.model.outside import Opinion, Ruling
from swe_audit.outside.command import Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """An outside judge; it sees the statement, the pin, the assertion and the candidate."""

    outside: Outside

    def rule(self, question: Question, stop: Callable[[], bool] = lambda: False) -> Opinion:
        """Return the judge's opinion; raise ``OutsideCommandError`` where it gives none."""
        answer = self.outside.ask(question.document, stop)
        words = ", ".join(ruling.value for ruling in Ruling)
        try:
            ruling = Ruling(answer.get("verdict"))
        except ValueError as error:
            said = repr(answer.get("verdict"))[:60]
            raise self.outside.complaint(f"gave the verdict {said}, not one of {words}") from error
        reason = answer.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            raise self.outside.complaint("gave no reason")
        return Opinion(
            candidate=question.candidate,
            ruling=ruling,
            reason=reason.strip()[:2000],
            command=self.outside.command,
            question=self.key(question),
        )

    def key(self, question: Question) -> str:
        """Return the identity of a question to this judge."""
        text = json.dumps([self.outside.command, question.document], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
