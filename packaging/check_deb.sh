#!/bin/sh
# Installs the Debian package into a clean Debian without Python, tries it there, removes it, and looks for what it left;
# then tries the tarball beside it:
#   check_deb.sh PACKAGE [SUITE]        as root, with debootstrap and the network; SUITE is bookworm where it isn't named
# Fails where anything is off. The clean system lies in a folder under $TMPDIR that goes at the end; KEEP=FOLDER keeps a
# bare one there for the next time.
set -eu
package=$(readlink -f "${1:?usage: check_deb.sh PACKAGE [SUITE]}")
suite=${2:-bookworm}
most_mb=400
room=$(mktemp -d)
clean=$room/clean
say() { printf 'check_deb: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
[ "$(id -u)" = 0 ] || die "debootstrap and chroot need root"
command -v debootstrap >/dev/null || die "debootstrap is missing; run: apt-get install debootstrap"

leave() {
    for place in dev/pts dev/shm proc; do
        mountpoint -q "$clean/$place" && umount "$clean/$place"
    done
    rm -rf --one-file-system "$room"
}
trap leave EXIT
trap 'exit 1' INT TERM

within() { chroot "$clean" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"; }
person() { # command...: as somebody who isn't root
    within setpriv --reuid=person --regid=person --clear-groups env HOME=/home/person "$@"
}

say "a clean $suite"
bare=${KEEP:-$room/bare}
mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
[ -d "$bare/usr" ] || debootstrap --variant=minbase "$suite" "$bare" ${mirror:+"$mirror"} >"$room/log" || { tail "$room/log" >&2; exit 1; }
cp -a "$bare" "$clean"
cp /etc/resolv.conf "$clean/etc/"
cp -a /etc/apt/apt.conf.d/. "$clean/etc/apt/apt.conf.d/" # its proxy, where there is one
mount -t proc proc "$clean/proc"
mkdir -p "$clean/dev/shm"
mount -t tmpfs tmpfs "$clean/dev/shm"
printf '#!/bin/sh\nexit 101\n' >"$clean/usr/sbin/policy-rc.d"
chmod +x "$clean/usr/sbin/policy-rc.d"
within useradd -m person

say "what belongs to a desktop: a display, menus, fonts"
within apt-get update -qq
within apt-get install -y -qq --no-install-recommends xvfb xauth desktop-file-utils shared-mime-info hicolor-icon-theme \
    xdg-utils x11-utils libfile-mimeinfo-perl fonts-dejavu-core >"$room/log" 2>&1 || { tail "$room/log" >&2; exit 1; }
traces() { (cd "$clean" && find usr etc opt var home root -xdev ! -path 'var/lib/dpkg/*' ! -path 'var/cache/*' ! -path 'var/log/*' \
    ! -path 'var/lib/apt/*' 2>/dev/null | sort); }

say "installed, over an older one"
cp "$package" "$clean/tmp/woz.deb"
dpkg-deb -R "$package" "$room/older"
sed -i 's/^Version: .*/Version: 0.0.1/' "$room/older/DEBIAN/control"
touch "$room/older/usr/lib/woz/of-the-older"
dpkg-deb -Znone -b "$room/older" "$clean/tmp/older.deb" >"$room/log"
rm -rf "$room/older"
needs=$(dpkg-deb -f "$package" Depends | sed -E 's/ *\([^)]*\)//g; s/,//g')
# shellcheck disable=SC2086
within apt-get install -y -qq --no-install-recommends $needs >"$room/log" 2>&1 || { tail "$room/log" >&2; exit 1; }
traces >"$room/before"
for each in older woz; do
    within dpkg -i "/tmp/$each.deb" >"$room/log" 2>&1 || { tail "$room/log" >&2; exit 1; }
done
rm "$clean/tmp/older.deb"
[ ! -e "$clean/usr/lib/woz/of-the-older" ] || die "the older one is still there"
size=$(dpkg-deb -f "$package" Installed-Size)
[ "$((size * 1024))" -lt "$((most_mb * 1000000))" ] || die "installed it takes $((size * 1024 / 1000000)) MB, more than $most_mb"
[ -z "$(within sh -c 'command -v python3 || true')" ] || die "a Python came along"

say "no library is missing"
missing=$(within sh -c 'find /usr/lib/woz -name "*.so*" -type f -exec env LD_LIBRARY_PATH=/usr/lib/woz/_internal ldd {} + 2>/dev/null' |
    grep 'not found' | sort -u || true)
[ -z "$missing" ] || die "missing: $missing"

say "the menu, the icon, the file type, the links"
within desktop-file-validate /usr/share/applications/woz.desktop /usr/share/applications/woz-open.desktop
[ -s "$clean/usr/share/icons/hicolor/128x128/apps/woz.png" ] || die "there is no icon"
[ "$(person xdg-mime query default x-scheme-handler/woz)" = woz-open.desktop ] || die "woz: links are opened by nothing"
grep -q '^80:application/x-woz-project:project.sqlite' "$clean/usr/share/mime/globs2" || die "a project's file isn't known"
[ "$(person xdg-mime query default application/x-woz-project)" = woz-open.desktop ] || die "projects are opened by nothing"

say "woz --self-test, on a display"
display() { person xvfb-run -a -s "-screen 0 1600x1000x24" env QT_QPA_PLATFORM=xcb "$@"; }
display woz --self-test || die "the self-test failed"
display woz --self-test --json >"$room/told" || die "the self-test failed the second time"
grep -q 'platform xcb' "$room/told" || die "the windows were not on X11"

running() { within sh -c 'for each in /proc/[0-9]*/exe; do [ "$(readlink "$each")" != /usr/lib/woz/woz ] || echo "${each#/proc/}"; done'; }
clicked() { # what, and what holds once it is open, as a command
    display sh -c 'xdg-open "$1" & for _ in $(seq 120); do eval "$2" && exit 0; sleep 1; done; exit 1' sh "$@" \
        >"$room/window" 2>&1 || die "a click on $1 opens nothing: $(cat "$room/window")"
    while [ -n "$(running)" ]; do sleep 1; done # it ends with its display
}
say "a click on a link opens the console's door, one on a project's file the project"
clicked "woz://192.0.2.1:9/20260101-000000-aaaa#c2VjcmV0" 'xwininfo -root -tree | grep -q "\"Join as expert\":"'
person woz new /home/person/kitchen >"$room/log" || die "no project can be made: $(cat "$room/log")"
clicked /home/person/kitchen/project.sqlite 'ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q kitchen/project.sqlite'

say "other programs get none of its libraries"
person mkdir -p /home/person/.local/bin
printf '#!/bin/sh\nenv >"$HOME/told"\nexit 1\n' >"$clean/home/person/.local/bin/uv"
chmod +x "$clean/home/person/.local/bin/uv"
person woz add names >"$room/log" 2>&1 && die "a uv that fails makes a part"
grep -q . "$clean/home/person/told" || die "uv was not asked: $(cat "$room/log")"
grep -E '^LD_LIBRARY_PATH=.*/woz|^_PYI_' "$clean/home/person/told" >&2 && die "uv was started with woz's libraries"

say "nothing is put, or taken away, under a woz that runs"
display woz >"$room/window" 2>&1 &
shown=$!
for _ in $(seq 60); do
    [ -z "$(running)" ] || break
    sleep 1
done
[ -n "$(running)" ] || die "the window did not come up: $(cat "$room/window")"
for words in "-i /tmp/woz.deb" "-r woz"; do
    # shellcheck disable=SC2086
    within dpkg $words >"$room/log" 2>&1 && die "dpkg $words went on under a running woz"
    grep -q 'woz is running (process [0-9]*); close it' "$room/log" || die "dpkg $words did not say why: $(cat "$room/log")"
done
[ -n "$(running)" ] || die "the running woz ended meanwhile"
for each in $(running); do kill "${each%/exe}" 2>/dev/null || true; done
wait "$shown" || true
within dpkg -i /tmp/woz.deb >"$room/log" 2>&1 || { tail "$room/log" >&2; die "it can't be installed once more"; }
(cd "$clean/home/person" && rm -rf .config .cache .local kitchen told) # the person's, and stays

say "removed"
within dpkg -r woz >"$room/log" 2>&1
within dpkg --purge woz >/dev/null 2>&1 # which has nothing left to do: there are no settings of the package's
grep -i warning "$room/log" >&2 && die "removing it warned"
traces >"$room/after"
diff "$room/before" "$room/after" >&2 || die "it left something behind"
grep -rls woz "$clean/usr/share/applications" "$clean/usr/share/mime" >&2 && die "the desktop still knows it"
[ -z "$(within dpkg-query -W -f '${Status}' woz 2>/dev/null)" ] || die "dpkg still knows it"

folder=woz-$(dpkg-deb -f "$package" Version)-$(dpkg-deb -f "$package" Architecture)
say "the tarball, unpacked by somebody who may not install"
tar -C "$clean/home/person" --no-same-owner -xJf "$(dirname "$package")/$folder.tar.xz"
display "/home/person/$folder/woz/woz" --self-test || die "the tarball's self-test failed"
say "all is well: installed without Python in $((size * 1024 / 1000000)) MB, tried on a display, and gone without a trace"
