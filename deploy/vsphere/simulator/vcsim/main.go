// A vCenter simulator for test.sh: govmomi's, plus what it lacks and the scripts need. What is added here is our reading of the API's documentation, so it
// proves that the scripts do what they mean to do, not that a vCenter takes it.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// The option that capture needs on a host with several uplinks; the simulator knows no network options. 0 is the default of ESXi.
const reversePathOption = "Net.ReversePathFwdCheckPromisc"

// A port to which a vmkernel adapter is connected, for the refusal to mirror it.
const vmkernelPort = "900"

func main() {
	version := flag.String("api-version", "8.0.2.0", "version of the API to answer as")
	flag.Parse()
	model := simulator.VPX()
	model.ServiceContent.About.ApiVersion = *version
	model.ClusterHost = 2
	model.Host = 0
	model.Machine = 4
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	defer model.Remove()
	registry := model.Service.Context.Map
	furnishHosts(registry)
	placeMachines(registry)
	connectPorts(registry)
	registry.Handler = mirroring

	model.Service.Listen = &url.URL{Host: "127.0.0.1:0"}
	model.Service.TLS = new(tls.Config)
	server := model.Service.NewServer()
	defer server.Close()
	fmt.Println(server.URL)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}

// furnishHosts gives each host the option and its standard switch two uplinks.
func furnishHosts(registry *simulator.Registry) {
	for _, entity := range registry.All("HostSystem") {
		host := entity.(*simulator.HostSystem)
		options := registry.Get(*host.ConfigManager.AdvancedOption).(*simulator.OptionManager)
		options.Setting = append(options.Setting, &types.OptionValue{Key: reversePathOption, Value: int64(0)})
		network := &hostNetwork{*registry.Get(*host.ConfigManager.NetworkSystem).(*simulator.HostNetworkSystem)}
		network.NetworkInfo.Portgroup = slices.Clone(network.NetworkInfo.Portgroup) // the simulator's hosts share one array
		for i := range network.NetworkInfo.Vswitch {
			network.NetworkInfo.Vswitch[i].Pnic = []string{"key-vim.host.PhysicalNic-vmnic0", "key-vim.host.PhysicalNic-vmnic1"}
		}
		registry.Put(network)
	}
}

// placeMachines puts the VMs on the hosts in turn: VM0 and VM2 on H0, VM1 and VM3 on H1. The simulator draws lots.
func placeMachines(registry *simulator.Registry) {
	hosts := byName(registry, "HostSystem")
	for _, entity := range hosts {
		entity.(*simulator.HostSystem).Vm = nil
	}
	for i, entity := range byName(registry, "VirtualMachine") {
		host := hosts[i%len(hosts)].(*simulator.HostSystem)
		vm := entity.(*simulator.VirtualMachine)
		vm.Runtime.Host = &host.Self
		vm.Summary.Runtime.Host = &host.Self
		host.Vm = append(host.Vm, vm.Self)
	}
}

func byName(registry *simulator.Registry, kind string) []mo.Entity {
	entities := registry.All(kind)
	slices.SortFunc(entities, func(a, b mo.Entity) int { return strings.Compare(a.Entity().Name, b.Entity().Name) })
	return entities
}

// connectPorts gives each virtual network adapter on the distributed switch its port, which the simulator leaves out, and the switch a vmkernel port and
// two uplinks.
func connectPorts(registry *simulator.Registry) {
	dvs := registry.Any("DistributedVirtualSwitch")
	config := dvs.(*simulator.DistributedVirtualSwitch).Config.(*types.VMwareDVSConfigInfo)
	config.ConfigVersion = "1"
	config.UplinkPortPolicy = &types.DVSNameArrayUplinkPortPolicy{UplinkPortName: []string{"uplink1", "uplink2"}}
	ports := &dvs.(*simulator.DistributedVirtualSwitch).FetchDVPortsResponse
	key := 100
	for _, entity := range byName(registry, "VirtualMachine") {
		vm := entity.(*simulator.VirtualMachine)
		for _, device := range vm.Config.Hardware.Device {
			card, ok := device.(types.BaseVirtualEthernetCard)
			if !ok {
				continue
			}
			backing, ok := card.GetVirtualEthernetCard().Backing.(*types.VirtualEthernetCardDistributedVirtualPortBackingInfo)
			if !ok {
				continue
			}
			key++
			backing.Port.PortKey = strconv.Itoa(key)
			ports.Returnval = append(ports.Returnval, port(backing.Port, "vmVnic", vm.Self))
		}
	}
	connection := types.DistributedVirtualSwitchPortConnection{SwitchUuid: dvs.(*simulator.DistributedVirtualSwitch).Uuid, PortKey: vmkernelPort}
	ports.Returnval = append(ports.Returnval, port(connection, "hostVmkVnic", byName(registry, "HostSystem")[0].Reference()))
}

func port(connection types.DistributedVirtualSwitchPortConnection, connectee string, entity types.ManagedObjectReference) types.DistributedVirtualPort {
	return types.DistributedVirtualPort{
		Key:          connection.PortKey,
		DvsUuid:      connection.SwitchUuid,
		PortgroupKey: connection.PortgroupKey,
		Config:       types.DVPortConfigInfo{Setting: &types.VMwareDVSPortSetting{}},
		Connectee:    &types.DistributedVirtualSwitchPortConnectee{ConnectedEntity: &entity, Type: connectee},
	}
}

// mirroring adds and removes the mirror sessions that a call asks for, which the simulator does not keep; the rest of the call is the simulator's.
func mirroring(ctx *simulator.Context, method *simulator.Method) (mo.Reference, types.BaseMethodFault) {
	dvs, ok := ctx.Map.Get(method.This).(*simulator.DistributedVirtualSwitch)
	if !ok || method.Name != "ReconfigureDvs_Task" {
		return nil, nil
	}
	if spec, ok := method.Body.(*types.ReconfigureDvs_Task).Spec.(*types.VMwareDVSConfigSpec); ok {
		for _, change := range spec.VspanConfigSpec {
			apply(dvs.Config.(*types.VMwareDVSConfigInfo), change)
		}
	}
	return nil, nil
}

// hostNetwork is a host's standard switches, with what the simulator's lack.
type hostNetwork struct{ simulator.HostNetworkSystem }

// AddPortGroup lets several hosts have a port group of one name, which is one network of the vCenter; the simulator refuses the second.
func (h *hostNetwork) AddPortGroup(ctx *simulator.Context, request *types.AddPortGroup) soap.HasFault {
	if h.hostsWith(ctx, request.Portgrp.Name) == 0 {
		return h.HostNetworkSystem.AddPortGroup(ctx, request)
	}
	body := &methods.AddPortGroupBody{}
	if h.index(request.Portgrp.Name) >= 0 {
		body.Fault_ = simulator.Fault("", &types.AlreadyExists{Name: request.Portgrp.Name})
		return body
	}
	h.NetworkInfo.Portgroup = append(h.NetworkInfo.Portgroup, types.HostPortGroup{Spec: request.Portgrp})
	for i := range h.NetworkInfo.Vswitch {
		if vswitch := &h.NetworkInfo.Vswitch[i]; vswitch.Name == request.Portgrp.VswitchName {
			vswitch.Portgroup = append(slices.Clone(vswitch.Portgroup), request.Portgrp.Name)
		}
	}
	body.Res = &types.AddPortGroupResponse{}
	return body
}

// RemovePortGroup keeps the network while another host has a port group of its name.
func (h *hostNetwork) RemovePortGroup(ctx *simulator.Context, request *types.RemovePortGroup) soap.HasFault {
	i := h.index(request.PgName)
	if i < 0 || h.hostsWith(ctx, request.PgName) == 1 {
		return h.HostNetworkSystem.RemovePortGroup(ctx, request)
	}
	h.NetworkInfo.Portgroup = slices.Delete(h.NetworkInfo.Portgroup, i, i+1)
	for j := range h.NetworkInfo.Vswitch {
		vswitch := &h.NetworkInfo.Vswitch[j]
		vswitch.Portgroup = slices.DeleteFunc(slices.Clone(vswitch.Portgroup), func(name string) bool { return name == request.PgName })
	}
	return &methods.RemovePortGroupBody{Res: &types.RemovePortGroupResponse{}}
}

func (h *hostNetwork) index(name string) int {
	return slices.IndexFunc(h.NetworkInfo.Portgroup, func(group types.HostPortGroup) bool { return group.Spec.Name == name })
}

func (h *hostNetwork) hostsWith(ctx *simulator.Context, name string) int {
	hosts := 0
	for _, entity := range ctx.Map.All("HostSystem") {
		host := entity.(*simulator.HostSystem)
		if ctx.Map.Get(*host.ConfigManager.NetworkSystem).(*hostNetwork).index(name) >= 0 {
			hosts++
		}
	}
	return hosts
}

// UpdatePortGroup replaces the specification of a port group of a standard switch.
func (h *hostNetwork) UpdatePortGroup(_ *simulator.Context, request *types.UpdatePortGroup) soap.HasFault {
	body := &methods.UpdatePortGroupBody{}
	if i := h.index(request.PgName); i >= 0 {
		h.NetworkInfo.Portgroup[i].Spec = request.Portgrp
		body.Res = &types.UpdatePortGroupResponse{}
		return body
	}
	body.Fault_ = simulator.Fault("", &types.NotFound{})
	return body
}

func apply(config *types.VMwareDVSConfigInfo, change types.VMwareDVSVspanConfigSpec) {
	switch types.ConfigSpecOperation(change.Operation) {
	case types.ConfigSpecOperationAdd:
		session := change.VspanSession
		session.Key = "session-" + strconv.Itoa(len(config.VspanSession)+1)
		config.VspanSession = append(config.VspanSession, session)
	case types.ConfigSpecOperationRemove:
		for i := range config.VspanSession {
			if config.VspanSession[i].Key == change.VspanSession.Key {
				config.VspanSession = append(config.VspanSession[:i:i], config.VspanSession[i+1:]...)
				return
			}
		}
	}
}
