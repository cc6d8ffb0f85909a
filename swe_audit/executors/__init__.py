"""Where trials run: this machine, or the machines of a cluster."""

from swe_audit.executors.cluster import RayExecutor
from swe_audit.executors.local import LocalExecutor
from swe_audit.executors.ports import Executor
from swe_audit.executors.watch import EngineWatch

__all__ = ["EngineWatch", "Executor", "LocalExecutor", "RayExecutor"]
