#!/bin/sh
# Takes back what the scripts of this folder made, latest first, and nothing else: what stands in the file parallax-vsphere.made (or $PARALLAX_MADE).
#
#   undo.sh [--only KIND] [--dry-run]
#
# KIND: mirror-session, adapter, distributed-port-group, standard-port-group, host-option, cluster-override, cluster-rule, cluster-group. A port group that VMs
# of others use is kept, and named. What cannot be taken back stays in the file; the exit code is then 1.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "only" "$@"
kinds='mirror-session adapter distributed-port-group standard-port-group host-option cluster-override cluster-rule cluster-group'
# shellcheck disable=SC2086  # kinds are words
[ -z "$option_only" ] || one_of --only "$option_only" $kinds
if [ ! -f "$made" ]; then
    say "nothing to undo: there is no $made"
    exit 0
fi
needs govc jq

# Each returns 0 where the thing is gone, whoever removed it, and another code where that is not known.
undo_mirror_session() {
    reference=$(find_one w "$1" switch) || return 1
    key=$(property "$reference" config.vspanSession | jq -r --arg name "$2" '(. // [])[] | select(.name == $name) | .key')
    [ -n "$key" ] || return 0
    version=$(property "$reference" config.configVersion | jq -r '. // empty')
    (call "$reference" ReconfigureDvs_Task "<spec xsi:type=\"VMwareDVSConfigSpec\">
${version:+<configVersion>$(xml "$version")</configVersion>
}<vspanConfigSpec><vspanSession><key>$(xml "$key")</key><enabled>false</enabled><stripOriginalVlan>false</stripOriginalVlan><normalTrafficAllowed>false</normalTrafficAllowed></vspanSession><operation>remove</operation></vspanConfigSpec>
</spec>")
}

undo_adapter() {
    vm=$(govc find -type m / -name "$1") || return 1
    [ -n "$vm" ] || return 0
    devices=$(ask device.info -vm "$1") || return 1
    device=$(printf '%s' "$devices" | jq -r --arg address "$2" '.devices[]? | select(.macAddress == $address) | .name')
    [ -z "$device" ] || act govc device.remove -vm "$1" "$device"
}

undo_distributed_port_group() {
    group=$(govc find -i -type g / -name "$2") || return 1
    [ -n "$group" ] || return 0
    unused "$group" "$2" "" && act govc object.destroy "$group"
}

undo_standard_port_group() {
    groups=$(ask host.portgroup.info -host "$1") || return 1
    printf '%s' "$groups" | jq -e --arg name "$2" 'any(.portgroup[]; .spec.name == $name)' >/dev/null || return 0
    network=$(govc find -i -type n / -name "$2") || return 1
    network=$(printf '%s\n' "$network" | grep '^Network:' || true)
    if [ -n "$network" ]; then
        unused "$network" "$2" "$(find_one h "$1" host)" || return 1
    fi
    act govc host.portgroup.remove -host "$1" "$2"
}

# unused NETWORK NAME [HOST]: whether no VM (of that host) is connected. With --dry-run the adapters made here are still there, and are not counted.
unused() {
    all=$(machines) || return 1
    own=$([ -z "$dry_run" ] || awk -F '\t' '$1 == "adapter" { print $3 }' "$made")
    users=$(printf '%s' "$all" | jq -r --arg key "${1#*:}" --arg kind "${1%%:*}" --arg name "$2" --arg host "${3#*:}" --arg own "$own" '
        select($host == "" or .host == $host)
        | select(any(.adapters[]; (if $kind == "Network" then .network == $name else .portgroup == $key end)
            and (.address as $address | $own | split("\n") | index($address) == null))) | .name')
    [ -n "$users" ] || return 0
    say "kept: port group $2 is used by $(printf '%s' "$users" | tr '\n' ' ')"
    return 1
}

undo_host_option() { act govc host.option.set -host "$1" "$2" "$3"; }

undo_cluster_override() {
    overrides=$(ask cluster.override.info -cluster "$1") || return 1
    printf '%s' "$overrides" | jq -e --arg vm "$2" 'any(.overrides[]?; .name == $vm)' >/dev/null || return 0
    act govc cluster.override.remove -cluster "$1" -vm "$2"
}

undo_cluster_rule() {
    names=$(ask cluster.rule.ls -cluster "$1") || return 1
    printf '%s' "$names" | jq -e --arg name "$2" 'index($name) != null' >/dev/null || return 0
    act govc cluster.rule.remove -cluster "$1" -name "$2"
}

undo_cluster_group() {
    names=$(ask cluster.group.ls -cluster "$1") || return 1
    printf '%s' "$names" | jq -e --arg name "$2" 'index($name) != null' >/dev/null || return 0
    act govc cluster.group.remove -cluster "$1" -name "$2"
}

latest_first=$(awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$made")
left=$(printf '%s\n' "$latest_first" | {
    left=0
    while IFS="$tab" read -r kind first second third; do
        [ -z "$option_only" ] || [ "$option_only" = "$kind" ] || continue
        case " $kinds " in
            *" $kind "*) ;;
            *) say "$made holds a line that is not known: $kind" >&2; left=$((left + 1)); continue ;;
        esac
        # In a subshell without standard input: one that fails does not end the others, none reads their lines.
        if ("undo_$(variable "$kind")" "$first" "$second" "$third") </dev/null >&2; then
            forget "$kind" "$first" "$second" ${third:+"$third"}
            [ -n "$dry_run" ] || say "undone: $kind $first $second" >&2
        else
            say "not undone: $kind $first $second" >&2
            left=$((left + 1))
        fi
    done
    printf '%s' "$left"
})
[ "$left" = 0 ] || fail "$left things could not be taken back and stay in $made"
