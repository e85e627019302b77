#!/usr/bin/env bash
# Everything: `npm test`. Installs what the machine lacks or says what to install; skips nothing silently.
# Runs all parts even when one fails, and ends with one line: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
node ./check-node.mjs || exit 1
# Hundreds of processes load the same code: compiled once, and again when its text changes. A fifth of the time saved.
export NODE_COMPILE_CACHE="$PWD/node_modules/.cache/compiled"

started=$SECONDS
passed=0
failed=0
skipped=0
results=$(mktemp -d)

# Every test has a database of its own, and copying their files takes a fifth of the time: in memory, where there is room.
roomMb=$(df --output=avail -m /dev/shm 2>/dev/null | tail -1)
freeMb=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null)
inMemory=
if [ "${roomMb:-0}" -ge 4000 ] && [ "${freeMb:-0}" -ge 8000 ]; then
  # PostgreSQL runs as a user of its own and must get through.
  inMemory=$(mktemp -d /dev/shm/signpost-XXXXXX) && chmod 755 "$inMemory" && export TMPDIR=$inMemory
fi
tidy() {
  [ -n "${journeys:-}" ] && kill "$journeys" 2>/dev/null
  if [ -n "${POSTGRES_PID:-}" ]; then
    eval "exec ${POSTGRES[1]}>&-"
    wait "$POSTGRES_PID"
  fi
  rm -rf "$results" ${inMemory:+"$inMemory"}
}
trap tidy EXIT

heading() { printf '\n== %s (after %ss)\n' "$1" $((SECONDS - started)); }

# One part that passes or fails as a whole.
part() {
  local name=$1
  shift
  heading "$name"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAILED: $name"
  fi
}

# The counts of a part with many tests; a part that did not get as far as counting has failed.
count() {
  local name=$1 counts=$2 code=$3 part_passed part_failed part_skipped
  read -r part_passed part_failed part_skipped <<<"$counts"
  passed=$((passed + ${part_passed:-0}))
  failed=$((failed + ${part_failed:-0}))
  skipped=$((skipped + ${part_skipped:-0}))
  if [ "$code" -ne 0 ] && [ "${part_failed:-0}" -eq 0 ]; then
    failed=$((failed + 1))
    echo "FAILED: $name ended with code $code"
  fi
}

heading 'tools'
bash test/install-tools.sh || exit 1

part 'types' tsc
part 'lint and format' biome check . --diagnostic-level=warn

# The journeys wait for their browser half of the time: they run beside the other tests, and are told of after them.
SIGNPOST_JOURNEYS_JSON="$results/journeys.json" playwright test >"$results/journeys.txt" 2>&1 &
journeys=$!

heading 'rules, stores on both databases, APIs, architecture (and journeys in a browser)'
if [ -z "${TEST_DATABASE_URL:-}" ]; then
  # One PostgreSQL for all test files; it ends when its input does, so also when this script is killed.
  coproc POSTGRES { exec node test/support/shared-postgres.ts; }
  read -r TEST_DATABASE_URL <&"${POSTGRES[0]}" || exit 1
  export TEST_DATABASE_URL
fi
# The many small files share processes, each of which loads the product once.
shopt -s globstar
node test/support/group-tests.ts "$results" src/**/*.test.ts test/contracts/**/*.test.ts >"$results/groups" || exit 1
mapfile -t groups <"$results/groups"
# Three at a time on two cores: a third of each test is waiting. One that keeps its process alive must not keep everybody.
timeout 1200 node --test --test-concurrency=3 --test-timeout=300000 \
  --test-reporter=dot --test-reporter-destination=stdout \
  --test-reporter=tap --test-reporter-destination="$results/node.tap" \
  'test/reference/**/*.test.ts' 'test/*.test.ts' "${groups[@]}"
code=$?
grep -E '# SKIP' "$results/node.tap" | sed -E 's/^ *ok [0-9]+ - /skipped: /' || true
count 'tests' "$(awk '/^# pass /{p=$3} /^# fail /{f+=$3} /^# cancelled /{f+=$3} /^# skipped /{s=$3} END{print p+0, f+0, s+0}' "$results/node.tap")" $code

heading 'journeys in a browser'
wait "$journeys"
code=$?
cat "$results/journeys.txt"
count 'journeys' "$(node -e '
  const { stats } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
  console.log(stats.expected, stats.unexpected + stats.flaky, stats.skipped)' "$results/journeys.json" 2>/dev/null)" $code

printf '\n%s passed, %s failed' "$passed" "$failed"
[ "$skipped" -gt 0 ] && printf ', %s skipped' "$skipped"
printf ' in %s s\n' $((SECONDS - started))
[ "$failed" -eq 0 ]
