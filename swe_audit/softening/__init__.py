"""Tests that go on after a failed assertion: how they are made, and what they record."""
