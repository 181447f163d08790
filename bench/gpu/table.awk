# What was measured on a GPU, as markdown. Reads JSON lines as bench/peers/pytorch.py --device cuda prints them;
# those of peer "tnn" are ours. Lines that differ only in their numbers are rounds: the median counts. For each mode and
# place of the data: a table of milliseconds a step and images a second, a row a setting and a column a batch; then
# PyTorch's fastest setting over ours of the same arithmetic. (In functions, what follows the gap is local variables.)
BEGIN {
  mode_count = split("train infer", modes, " ")
  place_count = split("resident copied", places, " ")
  arithmetic_count = split("fp32 tf32 bf16", arithmetics, " ")
}

# The line's value of a key, without its quotes.
function value(key,    rest) {
  if (!match($0, "\"" key "\": *")) return ""
  rest = substr($0, RSTART + RLENGTH)
  if (rest ~ /^"/) {
    rest = substr(rest, 2)
    return substr(rest, 1, index(rest, "\"") - 1)
  }
  match(rest, /^[^,}]*/)
  return substr(rest, 1, RLENGTH)
}

# The median of numbers with spaces between them.
function median(list,    n, v, i, j, larger) {
  n = split(list, v, " ")
  for (i = 2; i <= n; ++i) {
    for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; --j) {
      larger = v[j - 1]
      v[j - 1] = v[j]
      v[j] = larger
    }
  }
  return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}

# The two lines above a table's rows.
function head(title,    i) {
  printf "\n| %s |", title
  for (i = 1; i <= batch_count; ++i) printf " batch %d |", batches[i]
  printf "\n|---|"
  for (i = 1; i <= batch_count; ++i) printf "---|"
  print ""
}

# The rows of ours, or of the others, where a cell has anything to say.
function print_rows(mode, place, of_ours,    r, i, key, cell, line, any) {
  for (r = 1; r <= row_count; ++r) {
    if (ours[rows[r]] != of_ours) continue
    line = "| " rows[r] " |"
    any = 0
    for (i = 1; i <= batch_count; ++i) {
      key = mode SUBSEP place SUBSEP rows[r] SUBSEP batches[i]
      cell = ""
      if (key in times) cell = sprintf("%.3f ms, %.0f/s", median(times[key]), batches[i] * 1000 / median(times[key]))
      if (key in failed) cell = key in times ? cell " (" failed[key] " failed)" : "failed"
      if (cell != "") any = 1
      line = line " " cell " |"
    }
    if (any) print line
  }
}

# The fastest row, of ours or of the others, whose setting begins with the arithmetic; "" where none was measured.
function fastest(mode, place, of_ours, arithmetic, batch,    r, key, best, least) {
  best = ""
  for (r = 1; r <= row_count; ++r) {
    key = mode SUBSEP place SUBSEP rows[r] SUBSEP batch
    if (ours[rows[r]] != of_ours || index(setting[rows[r]], arithmetic) != 1 || !(key in times)) continue
    if (best == "" || median(times[key]) < least) {
      best = rows[r]
      least = median(times[key])
    }
  }
  return best
}

function print_ratios(mode, place,    a, i, we, they, ratio, line) {
  for (a = 1; a <= arithmetic_count; ++a) {
    line = "| " arithmetics[a] " |"
    for (i = 1; i <= batch_count; ++i) {
      we = fastest(mode, place, 1, arithmetics[a], batches[i])
      they = fastest(mode, place, 0, arithmetics[a], batches[i])
      if (we == "" || they == "") {
        line = line "  |"
        continue
      }
      ratio = median(times[mode, place, they, batches[i]]) / median(times[mode, place, we, batches[i]])
      line = line sprintf(" %.2f (%s) |", ratio, setting[they])
    }
    print line
  }
}

/^[{].*"peer":.*[}]$/ {
  row = value("peer") " " value("setting")
  batch = value("batch") + 0
  if (!(row in setting)) {
    rows[++row_count] = row
    setting[row] = value("setting")
    ours[row] = value("peer") == "tnn"
  }
  if (!(batch in has_column)) {
    has_column[batch] = 1
    for (i = ++batch_count; i > 1 && batches[i - 1] > batch; --i) batches[i] = batches[i - 1]
    batches[i] = batch
  }
  for (p = 1; p <= place_count; ++p) {
    # What failed before it measured anything names no place: it failed in both.
    if (value("data") != places[p] && !(/"error":/ && value("data") == "")) continue
    key = value("mode") SUBSEP places[p] SUBSEP row SUBSEP batch
    if (/"error":/) ++failed[key]
    else times[key] = times[key] " " value("milliseconds")
    filled[value("mode"), places[p]] = 1
  }
}

END {
  for (m = 1; m <= mode_count; ++m) {
    for (p = 1; p <= place_count; ++p) {
      if (!((modes[m], places[p]) in filled)) continue
      printf "\n**%s, data %s**\n", modes[m], places[p]
      head("")
      print_rows(modes[m], places[p], 1)
      print_rows(modes[m], places[p], 0)
      head("PyTorch's ms / ours")
      print_ratios(modes[m], places[p])
    }
  }
}
