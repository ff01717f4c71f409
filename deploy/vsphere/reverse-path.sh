#!/bin/sh
# Sets Net.ReversePathFwdCheckPromisc = 1 on hosts whose switches have several uplinks. Without it a promiscuous port receives a flooded frame once for each
# uplink that it comes back on. To be done before the port groups are made: it counts for ports that become promiscuous afterwards.
#
#   reverse-path.sh --host HOST [--host HOST ...] [--dry-run]
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "host" "$@"
required host
needs govc jq
option=Net.ReversePathFwdCheckPromisc
printf '%s\n' "$option_host" | while IFS= read -r host; do
    value=$(ask host.option.ls -host "$host" "$option") || refuse --host "$host" "a host of this vCenter that has the option $option"
    value=$(printf '%s' "$value" | jq -r '.[0].value')
    if [ "$value" = 1 ]; then
        say "$host: $option is 1 already"
        continue
    fi
    record host-option "$host" "$option" "$value"
    act govc host.option.set -host "$host" "$option" 1 || {
        forget host-option "$host" "$option" "$value"
        fail "$host: $option could not be set"
    }
    [ -n "$dry_run" ] || say "$host: set $option, was $value"
done
