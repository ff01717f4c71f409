#!/bin/sh
# Reports what is missing for capture, for each host and each of its switches, and what is wrong with mirror sessions. Changes nothing.
#
#   check.sh [--host HOST ...] [--vm CAPTURE-VM ...]
#
# One line each: ok, missing or warning; host; switch; what. Exit code 1 if anything is missing. Without --host all hosts; with --vm only these count as
# capture VMs, else every VM that is connected to a capture port group does. A capture port group is one that has promiscuous mode accepted and all VLANs.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "host vm" "$@"
needs govc jq
hosts=${option_host:-$(govc find -type h / | sed 's|.*/||')}
[ -n "$hosts" ] || fail "the vCenter has no hosts, or did not answer"
capture_vms=$(printf '%s\n' "$option_vm" | sed '/^$/d' | jq -Rnc '[inputs]')
printf '%s\n' "$option_vm" | while IFS= read -r vm; do
    [ -z "$vm" ] || find_one m "$vm" --vm >/dev/null
done

# The estate in files: as an argument of jq it would be too long.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
machines >"$work/machines"

distributed_switches() {
    govc find -i -type w / | while IFS= read -r reference; do
        groups=$(property "$reference" portgroup | jq -r '(. // [])[] | "\(.type):\(.value)"' | while IFS= read -r group; do
            property "$group" config
        done | jq -sc .)
        name=$(property "$reference" name)
        uuid=$(property "$reference" uuid)
        members=$(property "$reference" summary.hostMember | jq -c '[(. // [])[].value]')
        uplinks=$(property "$reference" config.uplinkPortgroup | jq -c '[(. // [])[].value]')
        teams=$(property "$reference" config.uplinkPortPolicy | jq -c '.uplinkPortName // []')
        sessions=$(property "$reference" config.vspanSession | jq -c '. // []')
        used=$(
            ask dvs.portgroup.info -connected -active "$(printf '%s' "$name" | jq -r .)"
            ask dvs.portgroup.info -connected -active=false "$(printf '%s' "$name" | jq -r .)"
        )
        used=$(printf '%s' "$used" | jq -sc '[.[].port[]? | {key, type: .connectee.type}] | unique')
        jq -nc --argjson name "$name" --argjson uuid "$uuid" --argjson members "$members" --argjson groups "$groups" --argjson uplinks "$uplinks" \
            --argjson teams "$teams" --argjson sessions "$sessions" --argjson ports "$used" \
            '{name: $name, uuid: $uuid, members: $members, groups: $groups, uplinks: $uplinks, teams: $teams, sessions: $sessions, ports: $ports}'
    done
}
distributed_switches >"$work/distributed"

# Which VMs a mandatory, enabled rule keeps on which hosts: {vm, hosts}, one a line.
pins() {
    govc find -i -type c / | while IFS= read -r reference; do
        property "$reference" configurationEx | jq -c '
            (.group // []) as $groups | .rule[]? | select(.enabled and .mandatory and .affineHostGroupName != null) | . as $rule
            | {vm: $groups[] | select(.name == $rule.vmGroupName) | .vm[]?.value,
               hosts: [$groups[] | select(.name == $rule.affineHostGroupName) | .host[]?.value]}'
    done
}
pins >"$work/pins"

# The questions that both kinds of switches share. In jq: a capture group's adapters, given the VMs that count.
# shellcheck disable=SC2016
shared='
def line($state; $what): "\($state)\t\($hostname)\t\($switchname)\t\($what)";
def captures: [$machines[] | select(.host == $hostid) | select(($vms | length) == 0 or ([.name] | inside($vms)))];
def attached($match):
    [captures[] | . as $vm | .adapters[] | select(match_adapter($match)) | {vm: $vm.name, id: $vm.id, powered: $vm.powered, address}] as $found
    | if ($found | length) == 0 then line("missing"; "no capture VM on this host is connected to the capture port group: nic.sh")
      else
        ($found[] | line("adapter"; "\(.vm)\t\(.address)")),
        ($found[] | select(.powered | not) | line("missing"; "capture VM \(.vm) is not powered on")),
        ([$found[] | {vm, id}] | unique[] | . as $vm | select(any($pins[]; .vm == $vm.id and .hosts == [$hostid]) | not)
            | line("warning"; "capture VM \(.vm) is not kept on this host: pin.sh")),
        ($found | group_by(.vm)[] | select(length > 1) | line("warning"; "capture VM \(.[0].vm) has \(length) adapters on this switch: every frame is seen \(length) times")),
        (if ([$found[].vm] | unique | length) > 1 then line("warning"; "\([$found[].vm] | unique | join(", ")) all capture this switch: every frame is seen several times") else empty end)
      end;
def reverse_path($uplinks):
    if $uplinks < 2 then empty
    elif $reverse == 1 then line("ok"; "Net.ReversePathFwdCheckPromisc is 1")
    else line("missing"; "Net.ReversePathFwdCheckPromisc is \($reverse) and the switch has \($uplinks) uplinks: flooded frames arrive several times: reverse-path.sh") end;
'

report() {
    printf '%s\n' "$hosts" | while IFS= read -r host; do
        id=$(find_one h "$host" --host)
        reverse=$(ask host.option.ls -host "$host" Net.ReversePathFwdCheckPromisc 2>/dev/null | jq -c '.[0].value') || reverse=null
        switches=$(ask host.vswitch.info -host "$host")
        groups=$(ask host.portgroup.info -host "$host")
        jq -nr --arg hostname "$host" --arg hostid "${id#*:}" --argjson reverse "${reverse:-null}" --slurpfile machines "$work/machines" --argjson vms "$capture_vms" --slurpfile pins "$work/pins" \
            --argjson switches "$switches" --argjson groups "$groups" "$effective"'
            $switches.vswitch[]? | . as $switch | .name as $switchname | '"def match_adapter(\$names): .network as \$n | any(\$names[]; . == \$n); $shared"'
            [$groups.portgroup[]? | select(.spec.vswitchName == $switchname)] as $here
            | [$here[] | select(effective("allowPromiscuous") == true and .spec.vlanId == 4095)] as $capture
            | ($here[] | select(effective("allowPromiscuous") == true and .spec.vlanId != 4095)
                | line("warning"; "port group \(.spec.name) accepts promiscuous mode, but sees VLAN \(.spec.vlanId) only")),
              (if ($capture | length) == 0 then line("missing"; "no capture port group (VLAN 4095, promiscuous mode accepted): standard.sh")
               else
                 ($capture[] | line("ok"; "capture port group \(.spec.name)"),
                     (select(effective("forgedTransmits") != false) | line("warning"; "port group \(.spec.name) accepts forged transmits, which capture does not need")),
                     (select(effective("macChanges") != false) | line("warning"; "port group \(.spec.name) accepts MAC changes, which capture does not need"))),
                 attached([$capture[].spec.name]),
                 reverse_path($switch.pnic // [] | length)
               end)'
        jq -nr --arg hostname "$host" --arg hostid "${id#*:}" --argjson reverse "${reverse:-null}" --slurpfile machines "$work/machines" --argjson vms "$capture_vms" --slurpfile pins "$work/pins" \
            --slurpfile distributed "$work/distributed" "$security"'
            def all_vlans: [.vlan.vlanId | arrays | .[]] | any(.[]; .start <= 1 and .end >= 4094);
            $distributed[] | select(any(.members[]; . == $hostid)) | . as $switch | .name as $switchname | '"def match_adapter(\$keys): .portgroup as \$n | any(\$keys[]; . == \$n); $shared"'
            [.groups[] | select([.key] | inside($switch.uplinks) | not) | . + {setting: .defaultPortConfig}] as $here
            | [$here[] | select(.setting | security("allowPromiscuous") == true)] as $promiscuous
            | [$promiscuous[] | select(.setting | all_vlans)] as $capture
            | ($promiscuous[] | select(.setting | all_vlans | not) | line("warning"; "port group \(.name) accepts promiscuous mode, but not all VLANs")),
              ($here[] | select(.setting.macManagementPolicy.macLearningPolicy.enabled == true) | select([.key] | inside([$promiscuous[].key]))
                | line("warning"; "port group \(.name) has MAC learning on: capture needs promiscuous mode, learning does not replace it")),
              (if ($capture | length) == 0 then line("missing"; "no capture port group (VLAN trunk 0-4094, promiscuous mode accepted): distributed.sh")
               else
                 ($capture[] | line("ok"; "capture port group \(.name)"),
                     (select(.setting | security("forgedTransmits") != false) | line("warning"; "port group \(.name) accepts forged transmits, which capture does not need")),
                     (select(.setting | security("macChanges") != false) | line("warning"; "port group \(.name) accepts MAC changes, which capture does not need"))),
                 attached([$capture[].key]),
                 reverse_path(.teams | length)
               end)'
    done
    jq -nr --slurpfile distributed "$work/distributed" '
        def line($state; $switch; $what): "\($state)\t-\t\($switch)\t\($what)";
        $distributed[] | . as $switch | .sessions[] | select(.sessionType == "encapsulatedRemoteMirrorSource") | . as $session
        | ([.sourcePortTransmitted.portKey[]?, .sourcePortReceived.portKey[]?] | unique) as $keys
        | [$switch.ports[] | select(.type != null and .type != "vmVnic") | select([.key] | inside($keys))] as $kernel
        | line(if .enabled then "ok" else "missing" end; $switch.name; "mirror session \(.name), \(.encapType // "gre"), \($keys | length) ports to \(.destinationPort.ipAddress // [] | join(", "))\(if .enabled then "" else ", is disabled" end)"),
          (select((.mirroredPacketLength // 0) > 0 and .mirroredPacketLength < 128) | line("warning"; $switch.name; "mirror session \(.name) cuts frames at \(.mirroredPacketLength) octets: below 128 ports and flags can be lost")),
          (select((.samplingRate // 1) > 1) | line("warning"; $switch.name; "mirror session \(.name) mirrors one frame of \(.samplingRate)")),
          ($kernel[] | line("missing"; $switch.name; "mirror session \($session.name) has source port \(.key) of a vmkernel adapter: its mirror traffic is mirrored again")),
          (select(.destinationPort.ipAddress // [] | length == 0) | line("missing"; $switch.name; "mirror session \(.name) has no destination"))'
}

# The type of a capture adapter is asked for each of the few VMs that have one.
lines=$(report | while IFS="$tab" read -r state host switch what address; do
    if [ "$state" = adapter ]; then
        type=$(ask device.info -vm "$what" </dev/null | jq -r --arg address "$address" '.devices[]? | select(.macAddress == $address) | .type')
        state=ok
        [ "$type" = VirtualVmxnet3 ] || state=warning
        what="capture VM $what, adapter $address is ${type#Virtual}$([ $state = ok ] || printf ', not Vmxnet3')"
    fi
    printf '%s\t%s\t%s\t%s\n' "$state" "$host" "$switch" "$what"
done)
printf '%s\n' "$lines"
case "$newline$lines" in
    *"${newline}missing$tab"*) exit 1 ;;
esac
