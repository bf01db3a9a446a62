#!/bin/sh
# Builds the wheel: wheel.sh [FOLDER], into dist where none is named. Needs uv, or a Python with venv to have it by.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/uv.sh"
"$uv" build -q --wheel -o "${1:-$here/dist}" "$here"
