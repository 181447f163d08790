# Images a second as an SVG of bars. Lines: "CASE<tab>NAME<tab>RATE", grouped by case, tnn's first. Each case has its
# own scale: inference is many times as fast as training.
BEGIN { FS = "\t" }

function text(x, y, anchor, size, words) {
  printf "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-size=\"%d\">%s</text>\n", x, y, anchor, size, words
}

{
  if ($3 > most[$1]) most[$1] = $3 + 0
  group[NR] = $1
  name[NR] = $2
  rate[NR] = $3
  groups += group[NR] != group[NR - 1]
}

END {
  y = 40
  height = y + groups * 32 + NR * 18
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" font-family=\"sans-serif\">\n", height
  printf "<rect width=\"760\" height=\"%d\" fill=\"white\"/>\n", height
  text(10, 22, "start", 15, "AlexNet, images a second")
  text(750, 22, "end", 11, title)
  for (i = 1; i <= NR; ++i) {
    if (group[i] != group[i - 1]) {
      text(10, y + 20, "start", 13, group[i])
      y += 26
    }
    length_of = rate[i] / most[group[i]] * 400
    text(280, y + 12, "end", 12, name[i])
    printf "<rect x=\"290\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>\n", y, length_of, name[i] == "tnn" ? "#2b6cb0" : "#a0aec0"
    text(296 + length_of, y + 12, "start", 12, sprintf("%.1f", rate[i]))
    y += 18
    if (group[i] != group[i + 1]) y += 6
  }
  print "</svg>"
}
