#!/usr/bin/env bash
# report_renders.sh PROGRAM: the report of a tiny run, as Chromium lays it out at a desk's and a phone's width: nothing
# is wider than the page, each heading and chart has a box, each image is an image, no label leaves its chart. The page
# is also spoilt in each of these ways, so that the check is known to see it. Skipped (77) where there is no Chromium.
set -euo pipefail
program=$1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ ! $browser ]]; then
  echo "SKIPPED: there is no Chromium to render the page"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What the page itself says once it is laid out; the frame around it hears it.
cat >"$scratch/look.html" <<'END'
<script>
addEventListener("load", () => {
  const faults = [], box = (e) => e.getBoundingClientRect();
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) faults.push(`it is ${page.scrollWidth} wide`);
  for (const e of document.querySelectorAll("h1, h2, svg"))
    if (box(e).width < 1 || box(e).height < 1) faults.push(`no box: ${e.textContent.slice(0, 40)}`);
  for (const e of document.images)
    if (!e.complete || e.naturalWidth === 0) faults.push(`no image: ${e.alt}`);
  for (const e of document.querySelectorAll("svg text")) {
    const label = box(e), chart = box(e.ownerSVGElement);
    if (label.left < chart.left - 1 || label.right > chart.right + 1 || label.top < chart.top - 1 ||
        label.bottom > chart.bottom + 1)
      faults.push(`cut: ${e.textContent}`);
  }
  const headings = [...document.querySelectorAll("h2")].map((e) => e.textContent).join(", ");
  parent.postMessage(`${headings}; ${document.images.length} images; faults: ${faults.join(", ") || "none"}`, "*");
});
</script>
END

# look FILE WIDTH [SED]: what the page, changed by the sed script, says of itself in a frame of that width (a window
# cannot be as narrow as a phone).
look() {
  sed -e "${3:-}" -e "/<\/main>/r $scratch/look.html" "$1" >"$scratch/page.html"
  cat >"$scratch/frame.html" <<END
<!DOCTYPE html><title>nothing</title>
<script>addEventListener("message", (m) => { document.title = m.data; });</script>
<iframe src="page.html" width="$2" height="2400" style="border: 0"></iframe>
END
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$scratch/profile" \
    --window-size=1400,2500 --virtual-time-budget=4000 --dump-dom "file://$scratch/frame.html" 2>/dev/null |
    sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p'
}

failed=0
# expect WHAT FOUND PATTERN
expect() {
  # shellcheck disable=SC2053  # a pattern
  if [[ $2 == $3 ]]; then
    echo "ok      $1"
  else
    echo "FAILED  $1: $2"
    failed=1
  fi
}

"$program" train --live --out "$scratch/run" --limit 24 --batch 4 --epochs 2 >"$scratch/log" 2>&1 ||
  { cat "$scratch/log"; exit 1; }
cp "$scratch/run/report.html" "$scratch/live.html"
"$program" report --run "$scratch/run" --limit 100 >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
page=$scratch/run/report.html
headings="Training, What is taken for what, First-layer filters, The worst mistakes, The network, to scale, The run"
for width in 1280 390; do
  expect "the report at $width" "$(look "$page" "$width")" "$headings; 13 images; faults: none"
  expect "what --live left at $width" "$(look "$scratch/live.html" "$width")" "$headings; 1 images; faults: none"
done
expect "a wide table is seen" "$(look "$page" 390 's/<div class="scroll">/<div>/')" "*it is * wide*"
expect "a hidden heading is seen" "$(look "$page" 390 's/<h2>The run/<h2 style="display: none">The run/')" \
  "*no box: The run*"
expect "a broken image is seen" "$(look "$page" 390 's/base64,iVBOR/base64,iVBOX/')" "*no image: *"
expect "a cut label is seen" "$(look "$page" 390 's/>Ankle boot<\/text>/>An uncommonly long name of a class<\/text>/')" \
  "*cut: An uncommonly*"
exit $failed
