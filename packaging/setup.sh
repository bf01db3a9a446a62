#!/bin/sh
# Set up what one job needs: setup.sh run | test | core. Safe to run again; quick when nothing changed.
#   run   system packages and .venv with the base requirements
#   test  the same with recognition, the Aria Client SDK, PostgreSQL, Dask, sentence vectors, spaCy and what the tests use
#   core  .venv-core: what the domain and its tests need, without PySide6
set -eu
job=${1:?usage: setup.sh run|test|core}
cd "$(dirname "$0")/.."
req=packaging/requirements

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

system_packages() { # lists of packages...
    command -v apt-get >/dev/null 2>&1 || return 0
    wanted=$(cat "$@" | grep -v '^#' | tr '\n' ' ')
    missing=""
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then root=""
    elif sudo -n true 2>/dev/null; then root="sudo"
    else die "these system packages are missing; run:  sudo apt-get install -y$missing"
    fi
    say "installing system packages:$missing"
    $root apt-get update -qq
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    for service in coturn postgresql munge; do
        case " $missing " in *" $service "*) no_service $service ;; esac
    done
    case " $missing " in *" slurm-wlm "*) no_service slurmctld; no_service slurmd ;; esac
}

# Debian starts what it installs; the tests start their own servers, and nobody asked for others.
no_service() { # name
    [ -d /run/systemd/system ] || return 0
    $root systemctl disable --quiet --now "$1" || say "could not stop the service $1, which the tests don't need"
}

find_python() {
    for name in python3.11 python3.12 python3 python; do
        path=$(command -v "$name" 2>/dev/null) || continue
        "$path" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null || continue
        echo "$path"
        return 0
    done
    die "woz needs Python 3.11 or 3.12 with its venv module; install one of them and try again"
}

# A virtual environment that uv fills; uv itself comes from PyPI where the machine has none.
environment() { # folder, requirement files...
    folder=$1
    shift
    stamp=$(cat "$0" "$@" | cksum)
    [ "$(cat "$folder/.stamp" 2>/dev/null || true)" != "$stamp" ] || return 0
    if [ ! -x "$folder/bin/python" ]; then
        python=$(find_python) || exit 1 # it has said why
        "$python" -m venv "$folder"
    fi
    uv=$(command -v uv || echo "$folder/bin/uv")
    [ -x "$uv" ] || "$folder/bin/python" -m pip install -q uv
    say "installing Python packages into $folder"
    args=""
    for file in "$@"; do args="$args -r $file"; done
    # shellcheck disable=SC2086
    VIRTUAL_ENV=$PWD/$folder "$uv" pip install -q --compile-bytecode $args
    VIRTUAL_ENV=$PWD/$folder "$uv" pip install -q --no-deps -e .
    "$folder/bin/python" -m compileall -q woz storage ui # else the first start of each window compiles them
    echo "$stamp" >"$folder/.stamp"
}

packages=packaging/debian-packages
if [ "$job" = run ]; then system_packages $packages.txt
else system_packages $packages.txt $packages-test.txt
fi
case "$job" in
run) # an environment that already serves the tests serves this too
    [ -f .venv/.stamp ] && .venv/bin/python -c 'import aiortc, PySide6.QtMultimedia, ui' 2>/dev/null ||
        environment .venv "$req/base.txt"
    ;;
test)
    environment .venv "$req/base.txt" "$req/transcribe.txt" "$req/aria.txt" "$req/postgres.txt" "$req/batch.txt" "$req/store.txt" "$req/vectors.txt" "$req/names.txt" "$req/dev.txt"
    # A real speech model, a face model and a pipeline of names for the tests, once, into a cache outside the repository; without a network they skip it.
    .venv/bin/python -m tests.real_models tiny centerface names-en >/dev/null || say "tests that need a real model will be skipped"
    ;;
core)
    mkdir -p build
    grep -viE '^(pyside6|shiboken6|sqlalchemy|alembic)' "$req/base.txt" >build/core.txt
    environment .venv-core build/core.txt "$req/vectors.txt" "$req/names.txt" "$req/dev.txt"
    ;;
*) die "unknown job: $job" ;;
esac
