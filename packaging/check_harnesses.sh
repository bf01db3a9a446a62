#!/bin/sh
# Loads a release in the tools that it is for, each in an environment of its own, and asks a stub model:
# check_harnesses.sh [RELEASE], a small one with Italian question sets where none is named. VLMEVALKIT says where its source is.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/packaging/environment.sh"
port=${PORT:-18971}
work=$(mktemp -d)
vlmevalkit=${VLMEVALKIT:-https://github.com/open-compass/VLMEvalKit}
export PYTHONPATH="$here" OPENAI_API_KEY=none HF_HUB_OFFLINE=1 HF_HOME="$work/hf" LITELLM_LOCAL_MODEL_COST_MAP=True
failed=""

source_of_vlmevalkit() { # Its wheel lacks the folders without an __init__.py, and its list of what it needs rouge_score.
    [ -e "$cache/VLMEvalKit" ] && return 0
    mkdir -p "$cache"
    git clone -q "$vlmevalkit" "$cache/VLMEvalKit" && git -C "$cache/VLMEvalKit" checkout -q e8e78f0
}

run() { # title, then the command
    title=$1
    shift
    if (cd "$work" && PYTHONPATH= "$@") > "$work/$title.log" 2>&1; then
        echo "ok      $title"
    else
        echo "failed  $title: see $work/$title.log"
        failed=1
    fi
}

release=${1:-}
[ -z "$release" ] || release=$(cd "$release" && pwd)
cd "$here"
if [ -z "$release" ]; then
    "$python" -m tests.rig.small_release "$work"
    release=$work/lamps-1.0.0
fi
stub_for() { echo "http://127.0.0.1:$port/$1/v1"; } # The stub writes down who asks.
called=$("$python" -c "import json; print(json.load(open('$release/manifest.json'))['name'])")
task=$(echo "$called" | tr 'A-Z-' 'a-z_')
"$python" -m tests.rig.harness_rows "$release" > "$work/wanted.json"
for tool in lmms-eval vlmevalkit inspect webdataset; do
    "$python" -m ui.cli release install "$release" "$tool" --to "$work/$tool" > "$work/install.log"
done
"$python" -m ui.cli release install "$release" lmms-eval --english --to "$work/english" >> "$work/install.log"
"$python" -m tests.rig.stub_model "$port" "$work/shown.jsonl" &
stub=$!
trap 'kill $stub' EXIT
sleep 1

# lmms-eval reaches into filelock 3, and ends with status 0 where it failed: its results are looked at.
if environment lmms-eval "lmms-eval==0.7.3" "filelock<4" decord; then
    for form in lmms-eval english; do
        tasks=$task
        [ "$form" = lmms-eval ] || tasks=${task}_english
        run "$form" "$cache/lmms-eval/bin/python" -m lmms_eval --model openai \
            --model_args "model_version=stub,base_url=$(stub_for "$form"),max_frames_num=8" \
            --include_path "$work/$form" --tasks "$tasks" --batch_size 1 --log_samples --output_path "$work/results-$form"
        run "$form-results" "$python" "$here/tests/rig/check_lmms_eval.py" "$work/results-$form" \
            "$work/wanted.json" "$form"
    done
else failed=1; fi
if source_of_vlmevalkit && environment vlmevalkit -e "$cache/VLMEvalKit" rouge_score; then
    run vlmevalkit env LMUData="$work/vlmevalkit" "$cache/vlmevalkit/bin/python" \
        "$here/tests/rig/check_vlmevalkit.py" "$called" "$(stub_for vlmevalkit)" "$work/wanted.json"
else failed=1; fi
if environment inspect inspect-ai==0.3.285 openai; then
    run inspect "$cache/inspect/bin/python" "$here/tests/rig/check_inspect.py" "$work/inspect" "$called" \
        "$(stub_for inspect)" "$work/wanted.json"
else failed=1; fi
if environment tables mlcroissant==1.1.1 datasets; then
    for reader in datasets croissant; do
        run "$reader" "$cache/tables/bin/python" "$here/tests/rig/check_tables.py" "$reader" "$release"
    done
else failed=1; fi
if environment shards webdataset==1.0.2; then
    run webdataset "$cache/shards/bin/python" "$here/tests/rig/check_shards.py" "$work/webdataset" "$release"
else failed=1; fi
[ -n "$failed" ] || run shown env PYTHONPATH="$here" "$python" -m tests.rig.harness_rows "$release" "$work/shown.jsonl"
echo "requests and what they showed: $work/shown.jsonl"
[ -z "$failed" ]
