#pragma once
// The style sheet of a run's report. Curves differ in dashes as well as in hue. It holds neither
// '<' nor '&', so that it may stand in XHTML as it is.

namespace program {

inline constexpr const char* report_style = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f7f9; --ink: #1d2430; --faint: #5b6675;
  --grid: #dfe3e8; --blue: #1f69b4; --pale: #8fb6dc; --orange: #c2571a; --on: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181e; --card: #1c222b; --ink: #e6eaf0; --faint: #9aa5b4; --grid: #303843;
    --blue: #6cb0f2; --pale: #456b97; --orange: #f0935a; --on: #10151c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 16px 48px; max-width: 1120px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; font-weight: 650; }
h2 { margin: 44px 0 12px; padding-top: 14px; border-top: 1px solid var(--grid); font-size: 1.2rem; font-weight: 650; }
h3 { margin: 22px 0 6px; font-size: 1rem; font-weight: 650; }
p { margin: 6px 0 14px; color: var(--faint); max-width: 46em; overflow-wrap: anywhere; }
code { font: .86em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
dl.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 20px 0 0; }
dl.figures div { padding: 12px 14px; background: var(--card); border-radius: 8px; }
dl.figures dt { color: var(--faint); font-size: .82rem; }
dl.figures dd { margin: 0; font-size: 1.45rem; font-weight: 620; font-variant-numeric: tabular-nums; }
dl.figures dd small { display: block; color: var(--faint); font-size: .78rem; font-weight: 400; }
.charts, .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 18px; }
figure { margin: 0; min-width: 0; }
.charts figure, .pair figure { padding: 12px 14px; background: var(--card); border-radius: 8px; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: 6px; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
.scroll { overflow-x: auto; }
.matrix { min-width: 400px; }
text { fill: var(--ink); font-size: 12.5px; font-variant-numeric: tabular-nums; }
text.mark { fill: var(--faint); }
text.end { text-anchor: end; }
text.middle { text-anchor: middle; }
.grid { stroke: var(--grid); fill: none; }
.axis { stroke: var(--faint); fill: none; }
.curve { fill: none; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }
.train { stroke: var(--blue); }
.pale { stroke: var(--pale); stroke-width: 1.2; }
.held { stroke: var(--orange); stroke-dasharray: 7 5; }
.dot { stroke: none; }
.dot.train { fill: var(--blue); }
.dot.pale { fill: var(--pale); }
.dot.held { fill: var(--orange); }
rect.right { fill: var(--blue); }
rect.wrong { fill: var(--orange); }
text.cell { font-size: 12px; }
text.none { fill: var(--grid); }
text.on { fill: var(--on); }
.front { fill: var(--blue); }
.side { fill: var(--blue); fill-opacity: .6; }
.top { fill: var(--blue); fill-opacity: .35; }
text.shape { font-weight: 650; font-size: 11.5px; }
.network text.mark, .network text.count { font-size: 11px; }
img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; }
img.filters { width: 100%; max-width: 725px; }
ol.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(100px, 1fr)); gap: 16px; margin: 0; padding: 0;
  list-style: none; }
ol.tiles img { width: 100%; }
ol.tiles figcaption { margin: 6px 0 0; font-weight: 400; font-size: .84rem; line-height: 1.35; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
details { margin: 14px 0; }
summary { cursor: pointer; color: var(--faint); }
dl.facts { columns: 3 240px; column-gap: 28px; margin: 0 0 16px; font-size: .92rem; }
dl.facts div { display: flex; justify-content: space-between; gap: 12px; padding: 3px 0;
  border-bottom: 1px solid var(--grid); break-inside: avoid; }
dl.facts dt { color: var(--faint); }
dl.facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
pre { margin: 6px 0 14px; padding: 10px 14px; background: var(--card); border-radius: 8px; white-space: pre-wrap; }
@media (min-width: 700px) { ol.tiles { grid-template-columns: repeat(6, 1fr); } }
)css";

}  // namespace program
