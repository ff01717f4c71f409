#!/bin/sh
# Makes a mirror session of a distributed switch: Encapsulated Remote Mirroring (L3) Source, the frames of chosen VMs to an address.
#
#   mirror.sh --switch SWITCH --name NAME --destination ADDRESS --source-vm VM [--source-vm VM ...] [--source-port KEY ...]
#             [--direction both|sent|received] [--encapsulation gre|erspan2|erspan3] [--session-id 0..1023]
#             [--length 128] [--sampling 1] [--dry-run]
#
# --length is how many octets of each frame are mirrored: 128 or more, or 0 for all. --sampling N mirrors one frame of N. --session-id is ERSPAN's, and has to
# differ between sessions that reach one collector. Where both ends of all connections are sources, --direction sent mirrors each packet once. Ports of vmkernel
# adapters are refused: their session would mirror its own mirror traffic.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "switch name destination source-vm source-port direction encapsulation session-id length sampling" "$@"
required switch name destination
[ -n "$option_source_vm$option_source_port" ] || refuse --source-vm "" "the name of a VM; or --source-port"
switch=$option_switch
name=$option_name
direction=${option_direction:-both}
encapsulation=${option_encapsulation:-gre}
session_id=${option_session_id:-0}
length=${option_length:-128}
sampling=${option_sampling:-1}
one_of --direction "$direction" both sent received
one_of --encapsulation "$encapsulation" gre erspan2 erspan3
whole --session-id "$session_id" 0 1023
[ "$length" = 0 ] || whole --length "$length" 128 65535
whole --sampling "$sampling" 1 65535
case $option_destination in
    *[!0-9a-fA-F.:]* | *"$newline"*) refuse --destination "$option_destination" "one IPv4 or IPv6 address, such as 192.0.2.10" ;;
    *.*.*.* | *:*:*) ;;
    *) refuse --destination "$option_destination" "one IPv4 or IPv6 address, such as 192.0.2.10" ;;
esac
[ "$encapsulation" != gre ] || [ -z "$option_session_id" ] || refuse --session-id "$session_id" "nothing with --encapsulation gre, which has no session id"
needs govc jq
reference=$(find_one w "$switch" --switch)
uuid=$(property "$reference" uuid | jq -r .)

# The ports in use and what is connected to them. govc filters by "active", so both answers are needed.
ports=$(
    ask dvs.portgroup.info -connected -active "$switch"
    ask dvs.portgroup.info -connected -active=false "$switch"
)

# The connected ports of VM $1 on this switch.
ports_of() {
    devices=$(ask device.info -vm "$1" 'ethernet-*') || refuse --source-vm "$1" "a VM with a network adapter"
    printf '%s' "$devices" | jq -r --arg uuid "$uuid" '.devices[]? | select(.backing.port.switchUuid == $uuid) | .backing.port.portKey // empty'
}

keys=$option_source_port
vms=$(printf '%s\n' "$option_source_vm" | while IFS= read -r vm; do
    [ -n "$vm" ] || continue
    found=$(find_one m "$vm" --source-vm)
    case $(property "$found" guest.net) in
        *"\"$option_destination\""*) refuse --source-vm "$vm" "a VM that is not the destination itself: its own mirror traffic would be mirrored" ;;
    esac
    its=$(ports_of "$vm")
    [ -n "$its" ] || refuse --source-vm "$vm" "a VM with a connected adapter on $switch"
    printf '%s\n' "$its"
done)
keys=$(printf '%s\n%s\n' "$keys" "$vms" | sed '/^$/d' | sort -u)
for key in $keys; do
    connected=$(printf '%s' "$ports" | jq -rs --arg key "$key" '[.[].port[]? | select(.key == $key) | .connectee.type // "nothing"] | first // "unknown"')
    [ "$connected" = vmVnic ] || refuse "source port" "$key ($connected)" "a port to which a VM is connected (vmVnic), never a vmkernel adapter's (Broadcom KB 327931)"
done

wanted=$(
    # shellcheck disable=SC2086  # keys are words
    jq -nc --arg encapsulation "$encapsulation" --arg direction "$direction" --arg destination "$option_destination" --argjson id "$session_id" \
        --argjson length "$length" --argjson sampling "$sampling" '{
            encapsulation: $encapsulation, id: $id, length: $length, sampling: $sampling, destination: [$destination],
            sent: (if $direction == "received" then [] else $ARGS.positional end),
            received: (if $direction == "sent" then [] else $ARGS.positional end)}' --args $keys
)
sessions=$(property "$reference" config.vspanSession | jq -c '. // []')
existing=$(printf '%s' "$sessions" | jq -c --arg name "$name" '.[] | select(.name == $name) | {
    encapsulation: (.encapType // "gre"), id: (.erspanId // 0), length: (.mirroredPacketLength // 0), sampling: (.samplingRate // 1),
    destination: .destinationPort.ipAddress,
    sent: ((.sourcePortTransmitted.portKey // []) | sort), received: ((.sourcePortReceived.portKey // []) | sort)}')
if [ "$existing" = "$wanted" ]; then
    say "$switch: session $name is there already"
    exit 0
fi
[ -z "$existing" ] || refuse --name "$name" "a name that is not used yet: that session is $existing, wanted is $wanted"

# The elements stand in the order of the API's type, as its schema wants it.
source_ports() {
    printf '<%s>' "$1"
    printf '%s\n' "$keys" | sed 's|.*|<portKey>&</portKey>|'
    printf '</%s>\n' "$1"
}
session="<name>$(xml "$name")</name>
<description>Parallax capture</description>
<enabled>true</enabled>"
[ "$direction" = received ] || session="$session
$(source_ports sourcePortTransmitted)"
[ "$direction" = sent ] || session="$session
$(source_ports sourcePortReceived)"
session="$session
<destinationPort><ipAddress>$option_destination</ipAddress></destinationPort>
<stripOriginalVlan>false</stripOriginalVlan>"
[ "$length" = 0 ] || session="$session
<mirroredPacketLength>$length</mirroredPacketLength>"
session="$session
<normalTrafficAllowed>false</normalTrafficAllowed>
<sessionType>encapsulatedRemoteMirrorSource</sessionType>
<samplingRate>$sampling</samplingRate>
<encapType>$encapsulation</encapType>"
[ "$encapsulation" = gre ] || session="$session
<erspanId>$session_id</erspanId>"
version=$(property "$reference" config.configVersion | jq -r '. // empty')
record mirror-session "$switch" "$name"
(
    call "$reference" ReconfigureDvs_Task "<spec xsi:type=\"VMwareDVSConfigSpec\">
${version:+<configVersion>$(xml "$version")</configVersion>
}<vspanConfigSpec><vspanSession>
$session
</vspanSession><operation>add</operation></vspanConfigSpec>
</spec>"
) || {
    forget mirror-session "$switch" "$name"
    exit 1
}
[ -n "$dry_run" ] || say "$switch: made session $name from $(printf '%s\n' "$keys" | wc -l | tr -d ' ') ports to $option_destination"
