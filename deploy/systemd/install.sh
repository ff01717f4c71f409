#!/bin/sh
# Installs capture as a service: user, folders, program, configuration, units. Starts nothing.
#
#   install.sh [--from deploy/local/target] [--root DIR] [--dry-run]
#
# --from holds parallax-local-*.jar and lib/, as "mvn package" leaves them. --root installs below DIR, for an image or a test: then nothing outside of it is
# touched, and no user is made. A second run brings the program up to date; a configuration that is there is kept.
set -eu
here=$(CDPATH='' cd -- "$(dirname "$0")" && pwd)
from=$here/../local/target
root=
dry_run=
while [ $# -gt 0 ]; do
    case $1 in
        --from) from=${2:-}; shift 2 ;;
        --root) root=${2:-}; shift 2 ;;
        --dry-run) dry_run=yes; shift ;;
        --help) sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
        *) echo "install.sh: '$1' is refused; allowed: --from DIR --root DIR --dry-run --help" >&2; exit 2 ;;
    esac
done
fail() {
    echo "install.sh: $*" >&2
    exit 1
}
act() {
    if [ -n "$dry_run" ]; then
        printf 'would call:'
        printf " '%s'" "$@"
        printf '\n'
    else
        "$@"
    fi
}
jar=$(find "$from" -maxdepth 1 -name 'parallax-local-*.jar' ! -name '*-tests.jar' 2>/dev/null | head -n 1)
if [ -z "$jar" ] || [ ! -d "$from/lib" ]; then
    fail "--from $from: no parallax-local-*.jar and lib/ there; build them: ./parallax --help"
fi
[ -n "$root" ] || [ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || fail "only root can install; or --root DIR, --dry-run"

opt=$root/opt/parallax
units=$root/etc/systemd/system
act mkdir -p "$opt/docs" "$units" "$root/etc/parallax" "$root/etc/sysusers.d" "$root/etc/tmpfiles.d"
# The libraries as a whole: one of an older version beside its successor would be on the class path too.
act rm -rf "$opt/lib.new"
act cp -R "$from/lib" "$opt/lib.new"
act rm -rf "$opt/lib"
act mv "$opt/lib.new" "$opt/lib"
act install -m 0644 "$jar" "$opt/parallax-local.jar"
act chmod -R u=rwX,go=rX "$opt/lib"
act install -m 0755 "$here/interface.sh" "$opt/interface.sh"
[ ! -f "$here/../../docs/62-systemd.md" ] || act install -m 0644 "$here/../../docs/62-systemd.md" "$opt/docs/62-systemd.md"
act install -m 0644 "$here/parallax-capture.service" "$here/parallax-interface@.service" "$units/"
act install -m 0644 "$here/parallax.sysusers" "$root/etc/sysusers.d/parallax.conf"
act install -m 0644 "$here/parallax.tmpfiles" "$root/etc/tmpfiles.d/parallax.conf"
if [ -e "$root/etc/parallax/capture.conf" ]; then
    echo "kept $root/etc/parallax/capture.conf"
else
    act install -m 0644 "$here/capture.conf" "$root/etc/parallax/capture.conf"
fi
if [ -z "$root" ]; then
    act systemd-sysusers /etc/sysusers.d/parallax.conf
    act systemd-tmpfiles --create /etc/tmpfiles.d/parallax.conf
    act systemctl daemon-reload
fi
[ -n "$dry_run" ] || cat <<EOF
Installed below $root/. Next:
  edit /etc/parallax/capture.conf          interfaces, brokers
  systemctl enable --now parallax-interface@ens224 parallax-capture
  journalctl -u parallax-capture -f
EOF
