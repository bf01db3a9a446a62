# Sourced with $here, the repository: sets uv to the one named by $UV, else the environment's, else the machine's, else one
# from the package index in an environment of its own.
uv=${UV:-}
[ -n "$uv" ] || { [ -x "$here/.venv/bin/uv" ] && uv=$here/.venv/bin/uv; } || uv=$(command -v uv) || {
    uv=$here/build/uv/bin/uv
    if [ ! -x "$uv" ]; then
        python3 -m venv "$here/build/uv"
        "$here/build/uv/bin/python" -m pip install -q uv
    fi
}
