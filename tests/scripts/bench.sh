#!/usr/bin/env bash
# bench/peers/run hides from a peer what would choose OpenBLAS's kernels for it. The peer is a stand-in that fails
# where it sees one of these settings.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/peer" <<'END'
#!/bin/sh
if env | grep ^OPENBLAS_ >&2; then exit 1; fi
echo '{"peer": "a stand-in", "images_per_second": 12.5, "peak_mb": 3}'
END
chmod +x "$scratch/peer"
said=$(OPENBLAS_CORETYPE=Haswell OPENBLAS_L2_SIZE=512 bench/peers/run alexnet "x=$scratch/peer" default infer 1 1 1)
if [[ $said != "12.5 3 a stand-in" ]]; then
  echo "FAILED: bench/peers/run says: $said"
  exit 1
fi
