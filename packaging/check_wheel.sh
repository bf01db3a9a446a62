#!/bin/sh
# Installs a built wheel by uv and by pipx, each with one command in an empty home, and runs woz there: check_wheel.sh [WHEEL]
# Needs the network, as they do. WHEEL is built where it isn't named. Everything is in a folder that goes at the end.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
. "$here/packaging/uv.sh"
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
say() { printf 'check_wheel: %s\n' "$*" >&2; }

wheel=${1:-}
if [ -z "$wheel" ]; then
    sh packaging/wheel.sh "$room/wheel"
    wheel=$(ls "$room"/wheel/*.whl)
fi

at_home() { # home, command...: with nothing of this machine but its registries, its programs and uv's cache
    home=$1
    shift
    mkdir -p "$home"
    settings=$(env | grep -E '^(PIP_|UV_|SSL_)' | tr '\n' ' ') # of no spaces
    # shellcheck disable=SC2086
    (cd "$home" && env -i $settings "UV_CACHE_DIR=${UV_CACHE_DIR:-$HOME/.cache/uv}" HOME="$home" QT_QPA_PLATFORM=offscreen \
        PATH="$home/.local/bin:$(dirname "$uv"):/usr/local/bin:/usr/bin:/bin" "$@")
}

tried() { # home
    at_home "$1" woz --version
    at_home "$1" woz doctor >"$room/doctor"
    grep -q '^network' "$room/doctor" || { cat "$room/doctor" >&2; exit 1; }
    at_home "$1" woz scheme list >/dev/null
    at_home "$1" woz --self-test >"$room/tested" || { cat "$room/tested" >&2; exit 1; }
    at_home "$1" woz demo --headless --seconds 20 --out demo --json >"$room/demo"
    find "$1/demo/exports" -name '*.vtt' | grep -q . || { say "the demo exported nothing"; exit 1; }
}

say "uv tool install"
at_home "$room/uv" uv tool install -q "$wheel"
tried "$room/uv"
say "pipx install"
at_home "$room/pipx" uv tool run -q pipx install --quiet "$wheel" >/dev/null
tried "$room/pipx"
say "both ways install it, and woz, its doctor and its demo run"
