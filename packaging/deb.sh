#!/bin/sh
# Makes dist/woz_VERSION_ARCHITECTURE.deb and dist/woz-VERSION-ARCHITECTURE.tar.xz of the frozen program (freeze.sh).
set -eu
cd "$(dirname "$0")/.."
frozen=build/frozen/woz
[ -x "$frozen/woz" ] || sh packaging/freeze.sh
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' woz/__init__.py)
architecture=$(dpkg --print-architecture)
glibc=$(getconf GNU_LIBC_VERSION | awk '{ print $2 }') # it runs with this one or a newer one
level=${LEVEL:-6} # how hard it is packed; 0 is quick
root=build/deb
files=packaging/debian/files

rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$root/usr/share/applications" "$root/usr/share/mime/packages" \
    "$root/usr/share/doc/woz" "$root/usr/share/icons/hicolor/scalable/apps" dist
cp -a "$frozen" "$root/usr/lib/woz"
ln -s ../lib/woz/woz "$root/usr/bin/woz"
cp $files/*.desktop "$root/usr/share/applications/"
cp $files/woz.xml "$root/usr/share/mime/packages/"
QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/icon.py "$root/usr/share/icons/hicolor"
cp LICENSE "$root/usr/share/doc/woz/copyright"
cp THIRD_PARTY_NOTICES.md "$root/usr/share/doc/woz/"
chmod -R u=rwX,go=rX "$root"
libraries=$(grep -v '^#' packaging/debian/libraries.txt | paste -sd, | sed 's/,/, /g')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@GLIBC@/$glibc/" -e "s/@LIBRARIES@/$libraries/" \
    -e "s/@SIZE@/$(du -sk "$root/usr" | cut -f1)/" packaging/debian/control.in >"$root/DEBIAN/control"
for moment in preinst prerm; do install -m 755 packaging/debian/idle.sh "$root/DEBIAN/$moment"; done
(cd "$root" && find usr -type f -exec md5sum {} + >DEBIAN/md5sums)
dpkg-deb --root-owner-group -Zxz "-z$level" --build "$root" dist >/dev/null

folder=woz-$version-$architecture
tar -C "$root/usr" --transform "s,^lib/woz,$folder/woz," --transform "s,^share,$folder/share," -cf - lib/woz share |
    xz -T0 "-$level" >"dist/$folder.tar.xz"
ls -l "dist/woz_${version}_$architecture.deb" "dist/$folder.tar.xz"
