#!/usr/bin/env bash
# Measures `credlint check` against reading the same files. usage: benches/speed.sh [DIRECTORY [ROUNDS]]
# Without a directory it makes a tree of modules, the same each time. CREDLINT names another program to measure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/benches/program.sh"

program=${CREDLINT:-$(built --bin credlint)}
directory=${1:-}
if [[ -z $directory ]]; then
  directory=$(mktemp -d)
  trap 'rm -rf "$directory"' EXIT
  python3 "$here/benches/tree.py" "$directory" 500
fi
python3 "$here/benches/measure.py" "$program" "$directory" "${2:-10}"
