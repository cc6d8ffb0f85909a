"""Choose which tasks of a dataset to audit."""
