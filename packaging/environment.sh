# Sourced by what needs an environment of its own outside the repository: they stay in a cache (HARNESSES); the first time
# they take long and some gigabytes. uv's own variables say where packages come from (UV_TORCH_BACKEND=cpu spares CUDA).
cache=${HARNESSES:-${XDG_CACHE_HOME:-$HOME/.cache}/woz/harnesses}
python=$here/.venv/bin/python
. "$here/packaging/uv.sh"

environment() { # name, then what is installed
    name=$1
    shift
    [ -e "$cache/$name/done" ] && return 0
    mkdir -p "$cache"
    "$uv" venv -q --clear --python "$python" "$cache/$name" || return 1
    "$uv" pip install -q --python "$cache/$name/bin/python" "$@" && touch "$cache/$name/done"
}
