#!/bin/sh
# Pin every requirement for Linux, macOS and Windows, Python 3.11 and 3.12, with no index address in the files.
# Then: make notices, which lists them with their licences.
set -eu
cd "$(dirname "$0")"
for name in base transcribe aria postgres batch package store vectors names dev speech blur names-apart; do
    overrides=""
    target=$name.txt
    case "$name" in
    base | aria) overrides="--overrides overrides.txt" ;;
    # What the program installs itself (woz add).
    speech | blur) target=../../woz/parts/pins/$name.txt ;;
    names-apart) target=../../woz/parts/pins/names.txt ;;
    esac
    # shellcheck disable=SC2086
    uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
        --no-emit-find-links $overrides "$@" "$name.in" -o "$target"
    # What the overrides exclude on every platform is no requirement of anyone's.
    sed -i.all -E "/ or /!{/sys_platform == 'never'$/d;}" "$target"
    rm "$target.all"
done
