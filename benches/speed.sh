#!/usr/bin/env bash
# Measures `credlint check` against reading the same files. usage: benches/speed.sh [DIRECTORY [ROUNDS]]
# Without a directory it makes a tree of modules, the same each time. CREDLINT names another program to measure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [[ -z ${CREDLINT:-} ]]; then
  cargo build --release --quiet --manifest-path "$here/Cargo.toml"
  CREDLINT=$(cargo metadata --format-version 1 --no-deps --manifest-path "$here/Cargo.toml" |
    python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/release/credlint
fi
directory=${1:-}
if [[ -z $directory ]]; then
  directory=$(mktemp -d)
  trap 'rm -rf "$directory"' EXIT
  python3 "$here/benches/tree.py" "$directory" 500
fi
python3 "$here/benches/measure.py" "$CREDLINT" "$directory" "${2:-10}"
