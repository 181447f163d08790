#!/usr/bin/env bash
# scripts/setup installs what is missing, and that alone: where there is no make, which CMake takes when no
# generator is named, it asks apt-get for the package make. Here apt-get is a stand-in that writes down its arguments.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"

# Every program of PATH but these; of two of one name the first counts, as in PATH.
IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do ln -s "$folder"/* "$scratch/bin" 2>/dev/null || true; done
rm -f "$scratch"/bin/{make,apt-get,sudo}
printf '#!/bin/sh\nexec "$@"\n' >"$scratch/bin/sudo"
cat >"$scratch/bin/apt-get" <<END
#!/bin/sh
echo "\$*" >>"$scratch/asked"
case "\$*" in *" make"*) ln -sf /bin/true "$scratch/bin/make" ;; esac
END
chmod +x "$scratch"/bin/{sudo,apt-get}

# The compiler itself, where a compiler's cache stands before it in PATH.
CXX=$(readlink -f "$(command -v "${CXX:-c++}")")
export CXX
PATH=$scratch/bin "$root/scripts/setup" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
cat "$scratch/log"
if ! grep -q '^setup: missing: .*make' "$scratch/log" || ! grep -qE ' install.* make( |$)' "$scratch/asked"; then
  echo "FAILED: setup did not install make"
  exit 1
fi
PATH=$scratch/bin "$root/scripts/setup" | grep -qx 'setup: nothing is missing' ||
  { echo "FAILED: setup installs what is there"; exit 1; }
