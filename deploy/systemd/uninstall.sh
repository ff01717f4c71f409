#!/bin/sh
# Takes back what install.sh installed. Configuration, spool and ledger stay, unless asked otherwise: the spool may hold what Kafka has not yet.
#
#   uninstall.sh [--root DIR] [--purge] [--dry-run]
set -eu
root=
purge=
dry_run=
while [ $# -gt 0 ]; do
    case $1 in
        --root) root=${2:-}; shift 2 ;;
        --purge) purge=yes; shift ;;
        --dry-run) dry_run=yes; shift ;;
        --help) sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
        *) echo "uninstall.sh: '$1' is refused; allowed: --root DIR --purge --dry-run --help" >&2; exit 2 ;;
    esac
done
act() {
    if [ -n "$dry_run" ]; then
        printf 'would call:'
        printf " '%s'" "$@"
        printf '\n'
    else
        "$@"
    fi
}
if [ -z "$root" ]; then
    [ -n "$dry_run" ] || [ "$(id -u)" = 0 ] || { echo "uninstall.sh: only root can; or --root DIR, --dry-run" >&2; exit 1; }
    interfaces=$(systemctl list-units --all --plain --no-legend 'parallax-interface@*' 2>/dev/null | awk '{ print $1 }' || true)
    # shellcheck disable=SC2086  # unit names are words
    act systemctl disable --now parallax-capture.service $interfaces || true
fi
act rm -rf "$root/opt/parallax/lib" "$root/opt/parallax/docs"
act rm -f "$root/opt/parallax/parallax-local.jar" "$root/opt/parallax/interface.sh" "$root/etc/systemd/system/parallax-capture.service" \
    "$root/etc/systemd/system/parallax-interface@.service" "$root/etc/sysusers.d/parallax.conf" "$root/etc/tmpfiles.d/parallax.conf"
[ ! -d "$root/opt/parallax" ] || act rmdir "$root/opt/parallax" || echo "kept $root/opt/parallax: it holds other files" >&2
if [ -n "$purge" ]; then
    act rm -f "$root/etc/parallax/capture.conf"
    [ ! -d "$root/etc/parallax" ] || act rmdir "$root/etc/parallax" || echo "kept $root/etc/parallax: it holds other files" >&2
    act rm -rf "$root/var/lib/parallax" "$root/var/log/parallax"
    [ -n "$root" ] || ! id parallax >/dev/null 2>&1 || act userdel parallax
else
    echo "kept: $root/etc/parallax, $root/var/lib/parallax, $root/var/log/parallax and the user parallax; --purge removes them"
fi
[ -n "$root" ] || act systemctl daemon-reload
