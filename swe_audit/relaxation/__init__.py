"""Tests relaxed step by step until a candidate is admitted, and what controls that."""
