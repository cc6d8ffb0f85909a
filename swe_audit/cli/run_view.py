"""How ``swe-audit run`` shows its result on a terminal."""

from __future__ import annotations

import textwrap
from pathlib import Path

from swe_audit.cli.console import print_result
from swe_audit.inference import describe_design, describe_estimate
from swe_audit.model.audit import Audit
from swe_audit.model.sample import Inference, SampleDesign
from swe_audit.report.summary import summarise
from swe_audit.scores import describe_scores
from swe_audit.statistics import describe


def print_audit(audit: Audit, page: Path) -> None:
    """Print what a run came to, and where its report is."""
    summary = summarise(audit)
    print_result(f"tasks      {summary.tasks}")
    for status, count in summary.by_status.items():
        print_result(f"  {status.value:<13}{count}")
    print_result(f"trials     {summary.trials}")
    for state, count in summary.by_run_state.items():
        print_result(f"  {state.value:<16}{count}")
    print_result(f"findings   {summary.findings}")
    for (defect, confidence), count in summary.by_defect_and_confidence.items():
        print_result(f"  {defect.value:<14} {confidence.value:<9} {count}")
    print_result(f"rejections without evidence   {summary.rejections_without_evidence}")
    print_result(f"defect rate   {describe(audit.defect_rate)}")
    for line in describe_scores(audit.scores) if audit.scores is not None else ():
        print_result(f"scores     {line}")
    if audit.run.sample is not None and audit.inference is not None:
        _print_inference(audit.run.sample, audit.inference)
    print_result(f"report     {page}")


def _print_inference(design: SampleDesign, inference: Inference) -> None:
    print_result(f"sample        {describe_design(design)}")
    width = max(len(estimate.of) for estimate in inference.estimates)
    for estimate in inference.estimates:
        print_result(f"  {estimate.of.ljust(width)}  {describe_estimate(estimate)}")
    for line in textwrap.wrap(inference.sentence, 88):
        print_result(f"  {line}")
