# shellcheck shell=bash disable=SC2154
# Sourced by the other scripts: builds a target (`--bin NAME`, `--bench NAME`) with the release profile, and prints where
# its executable lies.
built() {
  cargo build --release --quiet --manifest-path "$here/Cargo.toml" --message-format json "$1" "$2" |
    python3 -c 'import json, sys
made = [m for m in map(json.loads, sys.stdin) if m.get("executable")]
print(next(m["executable"] for m in made if m["target"]["name"] == sys.argv[1]))' "$2"
}
