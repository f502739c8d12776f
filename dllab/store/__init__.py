"""The store: every run that this lab has made, in one SQLite file and a folder of files by digest."""

from dllab.store.folders import home_directory
from dllab.store.records import ArtifactRecord, MetricPoint, RunRecord
from dllab.store.store import Store

__all__ = ["ArtifactRecord", "MetricPoint", "RunRecord", "Store", "home_directory"]
