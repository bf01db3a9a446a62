#!/bin/sh
# Makes the program that needs no Python, in build/frozen/woz: the base alone, by PyInstaller, in an environment of its own.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
. "$here/packaging/uv.sh"
req=packaging/requirements
room=build/frozen
[ -x "$room/env/bin/python" ] || "$uv" venv -q --python "${PYTHON:-.venv/bin/python}" "$room/env"
# --no-deps: the pins are whole, and leave out what projectaria-tools asks for beyond its core.
# psycopg without the libpq of its own: the system's libpq5 serves it.
grep -v '^psycopg-binary' $req/postgres.txt >"$room/postgres.txt"
VIRTUAL_ENV=$PWD/$room/env "$uv" pip install -q --no-deps -r $req/base.txt -r "$room/postgres.txt" -r $req/package.txt
VIRTUAL_ENV=$PWD/$room/env "$uv" pip install -q --no-deps -e .
"$room/env/bin/pyinstaller" --noconfirm --log-level WARN --distpath "$room" --workpath "$room/work" packaging/frozen/woz.spec
sh packaging/frozen/slim.sh "$room/woz"
