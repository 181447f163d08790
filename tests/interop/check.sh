#!/usr/bin/env bash
# check.sh PROGRAM: weights both ways between tnn and PyTorch, by the first Python here that has it.
set -euo pipefail
cd "$(dirname "$0")/../.."
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import torch, numpy' 2>/dev/null; then
    PYTHONDONTWRITEBYTECODE=1 exec "$python" tests/fixtures/interop.py "$1"
  fi
done
echo "SKIPPED: no python3 here has torch and numpy (Debian: python3-torch), so no weights were exchanged"
exit 77
