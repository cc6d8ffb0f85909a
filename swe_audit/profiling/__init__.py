"""The health of a dataset: size, age, repositories, contamination."""
