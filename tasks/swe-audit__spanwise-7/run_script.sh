#!/bin/bash
# Runs the tests named in the first word, separated by commas; all of them without a word.
set -e

IFS=',' read -r -a NAMES <<< "$1"

python -m pytest -v "${NAMES[@]}"
