#!/usr/bin/env bash
# bare.sh PACK [REPORT]: what scripts/gpu packed, in a bare Debian without network, made by debootstrap and removed at
# the end. nvidia-smi is a stand-in and there is no driver: each part that needs a device must get as far as the
# driver's error and say so, and the others must pass. cuBLAS is CUDA's, as on a machine with a device. The report
# is left in REPORT, where that is named. Needs root, debootstrap and the CUDA Toolkit; some minutes.
set -euo pipefail
pack=$(realpath "${1:?usage: bare.sh PACK [REPORT]}")
report=${2:+$(realpath -m "$2")}
suite=bookworm
machine=$(mktemp -d /var/tmp/bare.XXXXXX)
trap 'rm -rf --one-file-system "$machine"' EXIT
chmod 755 "$machine"
# The mirror and the proxy that this machine's apt uses.
mirror=$(apt-get indextargets "Created-By: Packages" "Origin: Debian" "Codename: $suite" --format '$(SITE)' 2>/dev/null | sort -u)
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy 2>/dev/null || true)"
export http_proxy=${http_proxy:-} https_proxy=${https_proxy:-}
debootstrap --variant=minbase "$suite" "$machine" "${mirror%%$'\n'*}" >"$machine.log" 2>&1 ||
  { tail "$machine.log"; exit 1; }
rm "$machine.log"
cp -r "$pack" "$machine/srv/pack"
mkdir -p "$machine/usr/local/cuda/lib64"
for library in /usr/local/cuda/lib64/libcublas{,Lt}.so.13; do cp -L "$library" "$machine/usr/local/cuda/lib64/"; done
cat >"$machine/usr/local/bin/nvidia-smi" <<'END'
#!/bin/sh
echo "GPU 0: a stand-in for a device"
END
chmod +x "$machine/usr/local/bin/nvidia-smi"

# Namespaces of its own: no network, and nothing is left running.
status=0
unshare --net --mount --pid --fork --kill-child --mount-proc -- bash -euc '
  mount -t proc proc "$0/proc"
  mount -t tmpfs tmpfs "$0/dev/shm"
  chroot "$0" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    /srv/pack/run /srv/report' "$machine" || status=$?
if [[ $report ]]; then cp -r "$machine/srv/report" "$report"; fi

failures=0
expect() { # PART PATTERN
  if ! grep -qE "^ *[0-9]+ s  $1 +$2" "$machine/srv/report/summary.txt"; then
    echo "FAILED    $1 does not say: $2"
    failures=$((failures + 1))
  fi
}
driver="FAILED .*(driver is missing|no usable CUDA device)"
expect machine passed
for part in suite slow; do expect $part "FAILED .*SKIPPED: no CUDA device here"; done
for part in memcheck racecheck synccheck initcheck; do expect $part "left out: compute-sanitizer is not here"; done
for part in ours ours_again parts train; do expect $part "$driver"; done
for part in pytorch pytorch_again; do expect $part "left out: python3 is not here"; done
expect ncu "left out: ncu is not here"
for part in evaluate_cuda evaluate_cpu; do expect $part "left out: there are no weights"; done
if ! grep -q 'driver is missing' "$machine/srv/report/backends.txt"; then
  echo "FAILED    the table of backends does not tell of the missing driver"
  failures=$((failures + 1))
fi
if ((status != 1)); then
  echo "FAILED    the status is $status, not 1"
  failures=$((failures + 1))
fi
if ((failures)); then exit 1; fi
echo "in a bare Debian, without network, each part got as far as the missing driver"
