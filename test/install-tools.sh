#!/usr/bin/env bash
# Finds what the tests need besides the npm packages, PostgreSQL and Chromium, and installs with apt what is missing.
# Where it may not, it says exactly what to install and ends with code 1. Changes nothing when both are there.
set -uo pipefail
cd "$(dirname "$0")/.."

missing=()

works() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

# Whether a PostgreSQL is version 15 or later.
recent() {
  local version
  version=$("$1" --version 2>/dev/null | grep -oE '[0-9]+' | head -1)
  [ "${version:-0}" -ge 15 ]
}

find_postgres() {
  [ -n "${TEST_DATABASE_URL:-}" ] && return 0
  local folder
  for folder in /usr/lib/postgresql/*/bin $(tr ':' ' ' <<<"$PATH"); do
    [ -x "$folder/initdb" ] && recent "$folder/postgres" && return 0
  done
  return 1
}

# The same places as test/support/find-chromium.ts.
find_chromium() {
  [ -n "${CHROMIUM:-}" ] && { works "$CHROMIUM"; return; }
  local name path
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    path=$(command -v "$name") && works "$path" && return 0
  done
  path=$(node_modules/.bin/node --input-type=module \
    -e 'import { chromium } from "@playwright/test"; console.log(chromium.executablePath())' 2>/dev/null) && works "$path"
}

# apt as root, or with sudo that asks for no password; 1 where there is neither.
as_root() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n true 2>/dev/null && sudo -n "$@"; fi
}

updated=no
apt_install() {
  if [ "$updated" = no ]; then
    as_root apt-get update -qq >/dev/null || return 1
    updated=yes
  fi
  echo "Installing $* with apt"
  # PostgreSQL without the cluster that its package would start: the tests make their own.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_postgres() {
  if ! [ -e /etc/postgresql-common/createcluster.conf ]; then
    apt_install postgresql-common || return 1
    as_root sed -i "s/^#*create_main_cluster.*/create_main_cluster = false/" /etc/postgresql-common/createcluster.conf
  fi
  apt_install postgresql
}

install_chromium() {
  apt_install chromium && find_chromium && return 0
  # Ubuntu's package is only a pointer to a snap.
  as_root true || return 1
  echo 'Installing Chromium with Playwright'
  node_modules/.bin/playwright install --with-deps chromium >/dev/null && find_chromium
}

find_postgres || { install_postgres && find_postgres; } || missing+=(
  'PostgreSQL 15 or later: "apt-get install postgresql" as root, or set TEST_DATABASE_URL to a server where the tests may create databases')
find_chromium || install_chromium || missing+=(
  'Chromium: "apt-get install chromium" or "npx playwright install --with-deps chromium" as root, or set CHROMIUM to where it is')

if [ ${#missing[@]} -gt 0 ]; then
  echo 'The tests need programs that are not here and that could not be installed:' >&2
  printf -- '- %s\n' "${missing[@]}" >&2
  exit 1
fi
