#!/bin/bash
# Runs the tests named in the first word, separated by commas; all of them without a word.
set -e

IFS=',' read -r -a NAMES <<< "$1"
if [ "${#NAMES[@]}" -eq 0 ]; then
    NAMES=(test/*.test.js)
fi

for file in "${NAMES[@]}"; do
    echo "# file $file"
    node --test-reporter=tap "$file" || true
done
