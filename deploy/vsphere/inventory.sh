#!/bin/sh
# Prints what the vCenter knows of its virtual machines, in the form that "parallax inventory load" reads: JSON on standard output. Changes nothing.
#
#   inventory.sh [--capture-vm VM ...] >inventory.json
#   parallax inventory load --bootstrap-servers HOST:PORT --observed-at now inventory.json
#
# --capture-vm: a VM whose sensor has its name (--sensor of "parallax capture"); its host is then said to have that sensor.
#
# Addresses are those that VMware Tools report for an adapter. A machine that is off, or has no Tools, stands there with its MAC addresses alone. Left out are
# templates, machines without an adapter, link-local addresses, which several machines may have, and tags, which take a call for each machine. Where the
# port group says one VLAN, it is there too.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "capture-vm" "$@"
[ -z "$dry_run" ] || refuse option --dry-run "--capture-vm; nothing is changed anyway"
needs govc jq
printf '%s\n' "$option_capture_vm" | while IFS= read -r vm; do
    [ -z "$vm" ] || find_one m "$vm" --capture-vm >/dev/null
done

# The estate in files: as an argument of jq it would be too long.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# estate TYPE PROPERTY...: one object a line, its properties by their names. govc wraps a list into an object.
estate() {
    type=$1
    shift
    govc object.collect -json -type "$type" / "$@" >"$work/answer" || fail "the vCenter did not answer"
    jq -c '{id: .obj.value} + (.changeSet | map({(.name): (.val | if type == "object" and has("_value") then ._value else . end)}) | add)' "$work/answer"
}
estate h name configManager.networkSystem >"$work/hosts"
estate g name config.key config.defaultPortConfig.vlan >"$work/groups"
estate m name config.instanceUuid config.template runtime.host runtime.powerState config.hardware.device guest.net >"$work/machines"
# By reference: the name of a host says nothing where there are several datacenters.
jq -r 'select(.["configManager.networkSystem"]) | "\(.id) \(.["configManager.networkSystem"].value)"' "$work/hosts" | while read -r host network; do
    ask object.collect "HostNetworkSystem:$network" networkInfo.portgroup >"$work/answer" || fail "host $host did not answer"
    jq -c --arg host "$host" '.[].val | if type == "object" and has("_value") then ._value else . end | .[]?.spec | {host: $host, name, vlan: .vlanId}' "$work/answer"
done >"$work/standard"

# VLAN 0 is none, 4095 all of them; a range of a trunk says nothing of a machine's own.
jq -n --arg sensors "$option_capture_vm" \
    --slurpfile hosts "$work/hosts" --slurpfile groups "$work/groups" --slurpfile standard "$work/standard" --slurpfile machines "$work/machines" '
    ($hosts | map({(.id): .name}) | add) as $host
    | ($groups | map({(.["config.key"]): {name, vlan: .["config.defaultPortConfig.vlan"].vlanId}}) | add) as $group
    | ($standard | map({("\(.host)\t\(.name)"): .vlan}) | add) as $vlan
    | ($sensors | split("\n") | map(select(. != ""))) as $sensors
    | def one_vlan: if type == "number" and . > 0 and . < 4095 then {vlan: .} else {} end;
    def lasting: select(test("^(169[.]254[.]|[fF][eE][89abAB])") | not);
    def network($on): if .backing.port.portgroupKey
        then $group[.backing.port.portgroupKey] | if . then {port_group: .name} + (.vlan | one_vlan) else {} end
        else .backing.deviceName as $name | if $name then {port_group: $name} + ($vlan["\($on)\t\($name)"] | one_vlan) else {} end end;
    ($machines | sort_by(.name, .id) | map(select(.["config.template"] | not))) as $machines
    | {virtual_machines: [
        $machines[] | (.["runtime.host"].value // "") as $id | $host[$id] as $on
        | (if .["runtime.powerState"] == "poweredOn" then .["guest.net"] // [] else [] end) as $guest
        | {name, uuid: .["config.instanceUuid"], host: $on, interfaces: [
            .["config.hardware.device"][]? | select(.macAddress) | . as $card
            | {mac: .macAddress, addresses: [$guest[] | select((.macAddress // "" | ascii_downcase) == ($card.macAddress | ascii_downcase)) | .ipAddress[]? | lasting] | unique} + network($id)]}
        | with_entries(select(.value != null)) | select(.interfaces != [])],
      hosts: [$hosts | sort_by(.name)[] | .name as $name
        | {name, sensors: [$machines[] | select($host[.["runtime.host"].value // ""] == $name) | .name | select(IN($sensors[]))]}]}'
