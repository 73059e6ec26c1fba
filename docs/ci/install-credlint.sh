#!/bin/sh
# Puts the program of one credlint release into a directory: install-credlint.sh DIRECTORY. Nothing runs that is not the
# release with that checksum; whoever changes the version changes both.
set -eu
directory=${1:?usage: install-credlint.sh DIRECTORY}
version=${CREDLINT_RELEASE:-0.1.0}
# Of the archive for this system, from checksums.txt at the tag of the release.
sha256=${CREDLINT_SHA256:?set it to the checksum of the archive for this system}
base=${CREDLINT_BASE_URL:-https://github.com/credlint/credlint/releases/download}

case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) echo "there is no credlint release for this system" >&2 && exit 2 ;;
esac
name=credlint-$version-$target

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
curl --fail --silent --show-error --location --proto =https --proto-redir =https --retry 3 --max-time 300 \
  --output "$scratch/credlint.tar.gz" -- "$base/v$version/$name.tar.gz"
if command -v sha256sum >/dev/null; then check=sha256sum; else check="shasum -a 256"; fi
echo "$sha256  $scratch/credlint.tar.gz" | $check -c - >/dev/null
tar -xzf "$scratch/credlint.tar.gz" -C "$scratch" "$name/credlint"
mkdir -p "$directory"
mv "$scratch/$name/credlint" "$directory/credlint"
