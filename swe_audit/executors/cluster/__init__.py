"""Trials on the machines of a Ray cluster (https://docs.ray.io)."""

from swe_audit.executors.cluster.executor import RayExecutor

__all__ = ["RayExecutor"]
