# Sourced by the other scripts: builds with the release profile, and prints where the one executable lies.
built() {
  cargo build --release --quiet --manifest-path "$here/Cargo.toml" --message-format json "$@" |
    python3 -c 'import json,sys; print([m["executable"] for m in map(json.loads, sys.stdin) if m.get("executable")][-1])'
}
