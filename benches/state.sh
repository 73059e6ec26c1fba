#!/usr/bin/env bash
# Measures a check of one large state against parsing it with serde_json without looking at any value, in one run.
# usage: benches/state.sh [MEGABYTES [ROUNDS]]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/benches/program.sh"

program=${CREDLINT:-$(built --bin credlint)}
parser=$(built --bench parse)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
python3 "$here/benches/state.py" "$directory/terraform.tfstate" "${1:-100}"
python3 "$here/benches/compare.py" "$program" "$parser" "$directory/terraform.tfstate" "${2:-10}"
