#!/bin/sh
# Before files are put, or taken away, under a woz that runs: it may be recording, and would fail at the next part it loads.
set -e
case "$1" in abort-*) exit 0 ;; esac
for program in /proc/[0-9]*/exe; do
    if [ "$(readlink "$program" 2>/dev/null || true)" = /usr/lib/woz/woz ]; then
        process=${program#/proc/}
        echo "woz is running (process ${process%/exe}); close it, then do this again. Nothing was changed." >&2
        exit 1
    fi
done
