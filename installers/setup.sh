#!/usr/bin/env bash
# Make a Debian 12 machine ready: packages, uv, the Python environment, the media core, the translations.
# Everything that is already there is left alone, so a second run takes a second or two.
# `setup.sh bench` also installs the programs that only the benchmark compares with, which are large.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${XDG_CACHE_HOME:-$HOME/.cache}/hearthline"
python=/usr/bin/python3
started=$SECONDS
say() { printf '[set-up %3ds] %s\n' "$((SECONDS - started))" "$*" >&2; }
fail() {
    printf '\nset-up stopped: %s\n' "$*" >&2
    exit 1
}

command -v apt-get >/dev/null || fail "this set-up is for Debian 12, and there is no apt-get here. See docs/installing.md for other systems."

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@" || fail "packages are missing; run this as root or with sudo."; fi
}

# --- Debian packages: each part lists its own in an apt.txt beside it ----------------------------------------------------
if [ "${1:-}" = bench ]; then spared=./none; else spared=./bench; fi
mapfile -t wanted < <(find . -name apt.txt -not -path './.venv/*' -not -path "$spared/*" -exec sed 's/#.*//' {} + | tr -s ' \t' '\n' | sort -u | grep -v '^$')
mapfile -t present < <(dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/\(:[a-z0-9]*\)\? installed$//p' | sort -u)
mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}") <(printf '%s\n' "${present[@]}"))
if [ "${#missing[@]}" -gt 0 ]; then
    say "installing ${#missing[@]} Debian packages"
    export DEBIAN_FRONTEND=noninteractive
    # The packages' own services must not start: we run our own, on free ports, and stop them.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    as_root apt-get update -qq || fail "apt-get update failed; check the network and /etc/apt."
    as_root apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null ||
        fail "apt-get install failed; the lines above say why."
fi

# --- uv, by hash, in a folder of its own ----------------------------------------------------------------------------------
uv_home="$cache/uv/$(sha256sum installers/uv.txt | cut -c1-16)"
if [ ! -x "$uv_home/bin/uv" ]; then
    say "installing uv"
    rm -rf "$uv_home"
    "$python" -m venv "$uv_home"
    "$uv_home/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r installers/uv.txt ||
        fail "pip could not install uv; check the network."
fi
export UV_PYTHON_DOWNLOADS=never

# --- The Python environment, exactly as the lock file says ---------------------------------------------------------------
stamp=".venv/.hearthline-lock${1:+-$1}"
lock="$(cat uv.lock pyproject.toml | sha256sum | cut -c1-64)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
    say "making the Python environment"
    # Not exact: the media core, which no registry has, is put in below.
    "$uv_home/bin/uv" sync --quiet --frozen --inexact ${1:+--group "$1"} --python "$python" || fail "uv sync failed; the lines above say why."
    printf '%s' "$lock" >"$stamp"
fi

# --- The media core -------------------------------------------------------------------------------------------------------
say "looking for the media core (the first time, it is built: two to four minutes)"
wheel="$("$python" installers/pjsua2/build.py --print-path)" || fail "the media core could not be built; the lines above say why."
if [ "$(cat .venv/.hearthline-pjsua2 2>/dev/null)" != "$wheel" ]; then
    say "installing the media core"
    "$uv_home/bin/uv" pip install --quiet --python .venv/bin/python --no-deps --reinstall "$wheel"
    printf '%s' "$wheel" >.venv/.hearthline-pjsua2
fi

# --- Translations ---------------------------------------------------------------------------------------------------------
.venv/bin/python -m client.ui.i18n.compile
say "ready"
