#!/bin/sh
# Checks the units with systemd's own tools, and installs into and removes from a temporary folder. Needs no running systemd. Exit code 77: skipped.
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
command -v systemd-analyze >/dev/null 2>&1 || { echo "skipped: needs systemd-analyze, which was not found" >&2; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
is() {
    [ "$2" = "$3" ] && return 0
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3"
}

# The units as they will be found, with a java and the programs they name, so that only the units can be wrong.
root=$work/root
mkdir -p "$work/built/lib" "$root/usr/bin"
: >"$work/built/parallax-local-1.jar"
: >"$work/built/lib/some.jar"
"$here/install.sh" --from "$work/built" --root "$root" >/dev/null
before=$(cd "$root" && find . -type f | sort)
is 'what is installed' './etc/parallax/capture.conf ./etc/systemd/system/parallax-capture.service ./etc/systemd/system/parallax-interface@.service ./etc/sysusers.d/parallax.conf ./etc/tmpfiles.d/parallax.conf' \
    "$(printf '%s\n' "$before" | grep '^./etc' | tr '\n' ' ' | sed 's/ $//')"
units=$work/units
mkdir -p "$units"
for program in /usr/bin/java /opt/parallax/interface.sh; do
    mkdir -p "$work/programs"
    printf '#!/bin/sh\n' >"$work/programs/${program##*/}"
    chmod +x "$work/programs/${program##*/}"
done
for unit in parallax-capture.service parallax-interface@.service; do
    sed "s|/usr/bin/java|$work/programs/java|; s|/opt/parallax/interface.sh|$work/programs/interface.sh|; /^Documentation=/d" "$root/etc/systemd/system/$unit" >"$units/$unit"
done
is 'systemd-analyze verify' '' "$(systemd-analyze verify "$units/parallax-capture.service" "$units/parallax-interface@ens224.service" 2>&1 | grep -i parallax || true)"
# 2.4 as shipped, with systemd 252; newer versions weigh a little differently.
is 'exposure at most 2.9' yes "$(systemd-analyze security --offline=yes --threshold=29 "$units/parallax-capture.service" >/dev/null 2>&1 && echo yes || echo no)"

# One change of the user's stays; a library that is gone from the build is gone from the installation.
echo 'sensor = mine' >>"$root/etc/parallax/capture.conf"
mv "$work/built/lib/some.jar" "$work/built/lib/other.jar"
"$here/install.sh" --from "$work/built" --root "$root" >/dev/null
is 'the configuration is kept' 'sensor = mine' "$(tail -n 1 "$root/etc/parallax/capture.conf")"
is 'the libraries are those of the build' other.jar "$(ls "$root/opt/parallax/lib")"
"$here/uninstall.sh" --root "$root" --dry-run >/dev/null
is 'a dry run removes nothing' other.jar "$(ls "$root/opt/parallax/lib")"
"$here/uninstall.sh" --root "$root" >/dev/null
is 'what stays' ./etc/parallax/capture.conf "$(cd "$root" && find . -type f)"
"$here/uninstall.sh" --root "$root" --purge >/dev/null
is 'nothing stays' '' "$(cd "$root" && find . -type f)"
code=0
"$here/install.sh" --from "$work/nowhere" --root "$root" 2>/dev/null || code=$?
is 'without a build it refuses' 1 "$code"
code=0
"$here/install.sh" --force 2>/dev/null || code=$?
is 'an unknown option is refused' 2 "$code"

[ "$failures" = 0 ] && echo "all checks passed"
