#!/bin/sh
# Makes the capture port group of a distributed switch: VLAN trunk, promiscuous mode accepted, forged transmits and MAC changes rejected.
#
#   distributed.sh --switch SWITCH [--name parallax-capture-SWITCH] [--vlans 0-4094] [--ports 8] [--dry-run]
#
# --vlans takes ranges, as 10-20,30-30: less than all, where not every VLAN may be seen. --ports grows by itself. govc makes distributed port groups without
# a security policy, so this is one call of AddDVPortgroup_Task: the port group never exists half-made.
# shellcheck disable=SC2154  # options sets option_...
set -eu
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options "switch name vlans ports" "$@"
required switch
switch=$option_switch
name=${option_name:-parallax-capture-$switch}
vlans=${option_vlans:-0-4094}
ports=${option_ports:-8}
whole --ports "$ports" 1 1024
ranges=
for range in $(printf '%s' "$vlans" | tr ',' ' '); do
    case $range in
        *-*) ;;
        *) refuse --vlans "$vlans" "ranges FIRST-LAST of 0 to 4094, with commas between them" ;;
    esac
    whole --vlans "${range%%-*}" 0 4094
    whole --vlans "${range#*-}" "${range%%-*}" 4094
    ranges="$ranges<vlanId><start>${range%%-*}</start><end>${range#*-}</end></vlanId>"
done
needs govc jq
reference=$(find_one w "$switch" --switch)

existing=$(govc find -i -type g / -name "$name")
if [ -n "$existing" ]; then
    wrong=$(property "$existing" config | jq -r --arg switch "${reference#*:}" --arg vlans "$vlans" "$security"'
        (if .distributedVirtualSwitch.value != $switch then "on another switch" else empty end),
        (.defaultPortConfig
            | (if ([.vlan.vlanId | arrays | .[] | "\(.start)-\(.end)"] | join(",")) != $vlans then "VLAN \(.vlan.vlanId | tostring)" else empty end),
              (if security("allowPromiscuous") != true then "promiscuous mode rejected" else empty end),
              (if security("forgedTransmits") != false then "forged transmits accepted" else empty end),
              (if security("macChanges") != false then "MAC changes accepted" else empty end))')
    [ -z "$wrong" ] || refuse --name "$name" "a name that is not used yet: that port group is: $(printf '%s' "$wrong" | tr '\n' ',')"
    say "$switch: $name is there already"
    exit 0
fi

# The form of the security policy changed with API 6.7; the older one is deprecated, the newer one unknown before.
case $(api_version) in
    [1-5].* | 6.[0-5] | 6.[0-5].*)
        no='<inherited>false</inherited><value>false</value>'
        policy="<securityPolicy><inherited>false</inherited><allowPromiscuous><inherited>false</inherited><value>true</value></allowPromiscuous><macChanges>$no</macChanges><forgedTransmits>$no</forgedTransmits></securityPolicy>"
        ;;
    *) policy='<macManagementPolicy><inherited>false</inherited><allowPromiscuous>true</allowPromiscuous><macChanges>false</macChanges><forgedTransmits>false</forgedTransmits></macManagementPolicy>' ;;
esac
record distributed-port-group "$switch" "$name"
(
    call "$reference" AddDVPortgroup_Task "<spec>
<name>$(xml "$name")</name>
<numPorts>$ports</numPorts>
<defaultPortConfig xsi:type=\"VMwareDVSPortSetting\">
<vlan xsi:type=\"VmwareDistributedVirtualSwitchTrunkVlanSpec\"><inherited>false</inherited>$ranges</vlan>
$policy
</defaultPortConfig>
<description>Parallax capture: sees every frame of this switch on each host</description>
<type>earlyBinding</type>
<autoExpand>true</autoExpand>
</spec>"
) || {
    forget distributed-port-group "$switch" "$name"
    exit 1
}
[ -n "$dry_run" ] || say "$switch: made $name"
