#!/bin/sh
# Makes the capture port group of a standard switch: VLAN 4095 (all VLANs, tags kept), promiscuous mode accepted, forged transmits and MAC changes rejected.
#
#   standard.sh --host HOST [--host HOST ...] [--vswitch vSwitch0] [--name parallax-capture-vSwitch0] [--dry-run]
#
# A port group of that name that is already right is left alone; one that is not, and was not made here, is refused. The switch itself and its other port
# groups are not touched.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "host vswitch name" "$@"
required host
vswitch=${option_vswitch:-vSwitch0}
name=${option_name:-parallax-capture-$vswitch}
needs govc jq

# What is wrong with the port group, of those of a host in $groups; nothing where it is as it should be.
differences() {
    printf '%s' "$groups" | jq -r --arg name "$name" --arg vswitch "$vswitch" "$effective"'
        .portgroup[] | select(.spec.name == $name)
        | (if .spec.vswitchName != $vswitch then "on switch \(.spec.vswitchName)" else empty end),
          (if .spec.vlanId != 4095 then "VLAN \(.spec.vlanId)" else empty end),
          (if effective("allowPromiscuous") != true then "promiscuous mode rejected" else empty end),
          (if effective("forgedTransmits") != false then "forged transmits accepted" else empty end),
          (if effective("macChanges") != false then "MAC changes accepted" else empty end)'
}

exists() {
    printf '%s' "$groups" | jq -e --arg name "$name" 'any(.portgroup[]; .spec.name == $name)' >/dev/null
}

settings() {
    act govc host.portgroup.change -host "$1" -vlan-id 4095 -allow-promiscuous=true -forged-transmits=false -mac-changes=false "$name"
}

printf '%s\n' "$option_host" | while IFS= read -r host; do
    switches=$(ask host.vswitch.info -host "$host") || refuse --host "$host" "a host of this vCenter"
    groups=$(ask host.portgroup.info -host "$host")
    switches=$(printf '%s' "$switches" | jq -r '.vswitch[]?.name')
    printf '%s\n' "$switches" | grep -Fqx "$vswitch" || refuse --vswitch "$vswitch" "the standard switches of $host: $(printf '%s' "$switches" | tr '\n' ' ')"
    if ! exists; then
        record standard-port-group "$host" "$name"
        act govc host.portgroup.add -host "$host" -vswitch "$vswitch" -vlan 4095 "$name" || {
            forget standard-port-group "$host" "$name"
            fail "$host: the port group $name could not be made"
        }
        settings "$host"
        [ -n "$dry_run" ] || say "$host $vswitch: made $name"
        continue
    fi
    wrong=$(differences)
    if [ -z "$wrong" ]; then
        say "$host $vswitch: $name is there already"
    elif is_made standard-port-group "$host" "$name"; then
        settings "$host"
        [ -n "$dry_run" ] || say "$host $vswitch: set $name again; it was: $(printf '%s' "$wrong" | tr '\n' ',')"
    else
        refuse --name "$name" "a name that $host does not use yet: that port group was not made here, and is: $(printf '%s' "$wrong" | tr '\n' ',')"
    fi
done
