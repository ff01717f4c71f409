-- What each listening place saw of the packets between virtual machines, by where those packets ran.
--
-- DuckDB, over the table flows of one run or cluster in which physical points (SPAN ports, taps) and capture VMs are sensors:
--
--     duckdb -c "set variable tables = 'OUT/tables'" -c ".read docs/sql/visibility.sql"
--
-- A place is a row of `places` below; edit it to what is called so at your site. Shipped: the interfaces of sensor `point` are the physical points
-- (`./parallax analyze ... point:A=FILE`), E is that of the router, every other sensor is a capture VM and stands for one host.
--
-- seen            packets of which at least one copy passed the place; visibility is its share of all packets.
--                 flows has counts, not packets: of a flow's direction, a place saw as many as its best observation point did. That is exact where one
--                 point of the place saw all that the place saw of that direction, and too little, never too much, elsewhere.
-- copies          packets that passed the place, copies included. What mirror sessions brought is no packet that passed, and not in here. A direction has
--                 at most eight observation points (docs/43-vantage.md), those of mirror sessions included: at a point that also carries the transport of
--                 mirror sessions, leave that VLAN out of the SPAN session, or some packets are missing here.
-- relation        hosts: those of the inventory, or else how many capture VMs saw the flow. Subnets: those of the inventory, or else whether a router was
--                 in the way. Without capture VMs and without an inventory there is no telling, and nothing is called intra-host.
-- between VMs     an end is a VM if the inventory has its address, or if it sends with a MAC address to which frames for it are sent, too (a spoofed sender does
--                 not get them), and which no router was seen to send with. North-south traffic, broadcast and multicast are not in here.

create or replace temp view latest_flows as
from read_parquet(getvariable('tables') || '/flows/**/*.parquet', union_by_name = true)
qualify row_number() over (partition by flow_id, window_start order by revision desc) = 1;

create or replace temp view sightings as
select flow_id, source_address, destination_address, unnest(vantage, recursive := true)
from latest_flows;

create or replace temp view capture_vms as
select distinct sensor_id from sightings where sensor_id <> 'point';

create or replace temp view places as
with interfaces as (select distinct sensor_id, interface_name from sightings where mirror_session is null)
select 1 as rank, 'point ' || interface_name as place, sensor_id, interface_name from interfaces where sensor_id = 'point'
union all
select 2, 'SPAN of ' || string_agg(interface_name, ' ' order by interface_name) over (), sensor_id, interface_name
from interfaces where sensor_id = 'point' and interface_name <> 'E'
union all
select 3, sensor_id, sensor_id, interface_name from interfaces semi join capture_vms using (sensor_id)
union all
select 4, 'all capture VMs', sensor_id, interface_name from interfaces semi join capture_vms using (sensor_id);

-- Who is a virtual machine, without an inventory: hop 0 is what no router was seen to have forwarded.
create or replace temp view router_macs as
select distinct source_mac_address from sightings where hop > 0 and mirror_session is null;

create or replace temp view vm_addresses as
with direct as (
    select source_mac_address, destination_mac_address,
        if(reverse, destination_address, source_address) as sender, if(reverse, source_address, destination_address) as receiver
    from sightings semi join capture_vms using (sensor_id) where mirror_session is null
),
sent as (select distinct sender as address, source_mac_address as mac from direct),
received as (select distinct receiver as address, destination_mac_address as mac from direct)
select distinct address from sent join received using (address, mac)
where mac not in (select source_mac_address from router_macs);

create or replace temp view flows_between_vms as
with seen as (
    select flow_id, count(distinct sensor_id) filter (sensor_id in (from capture_vms)) as capture_vms_that_saw_it,
        bool_or(hop > 0) as is_routed,
        bool_or((('0x' || destination_mac_address[2])::int & 1) = 1) as is_to_group
    from sightings where mirror_session is null group by flow_id
)
select flow_id, sum(packet_delta_count) as packets, sum(reverse_packet_delta_count) as reverse_packets,
    coalesce(any_value(source_host) = any_value(destination_host), any_value(capture_vms_that_saw_it) = 1) as is_within_host,
    coalesce(any_value(source_subnet) = any_value(destination_subnet), not any_value(is_routed)) as is_one_subnet,
    if(is_within_host, 'intra-host ', 'inter-host ') || if(is_one_subnet, 'same-subnet', 'inter-subnet') as relation
from latest_flows join seen using (flow_id)
where (source_attribution = 'address' or source_address in (from vm_addresses))
  and (destination_attribution = 'address' or destination_address in (from vm_addresses))
  and not is_to_group
group by flow_id;

create or replace temp view directions as
select flow_id, false as reverse, relation, packets from flows_between_vms
union all
select flow_id, true, relation, reverse_packets from flows_between_vms;

create or replace temp view seen_at_places as
with at_points as (
    select flow_id, reverse, sensor_id, interface_name, source_mac_address, destination_mac_address, vlan_ids, overlay_id,
        sum(packet_delta_count) as passed
    from sightings where mirror_session is null group by all
)
select rank, place, flow_id, reverse, max(passed) as seen, sum(passed) as copies
from at_points join places using (sensor_id, interface_name) group by all;

-- One line a place and relation; relation null: all of them.
with names as (select distinct rank, place from places),
sums as (
    select rank, place, relation, sum(packets)::bigint as packets, coalesce(sum(least(coalesce(seen, 0), packets)), 0)::bigint as seen,
        coalesce(sum(copies), 0)::bigint as copies
    from names cross join directions left join seen_at_places using (rank, place, flow_id, reverse)
    group by grouping sets ((rank, place), (rank, place, relation))
)
select place, relation, packets, seen, copies, round(100.0 * seen / packets, 1) as visibility_percent, round(copies / nullif(seen, 0), 2) as copies_per_packet
from sums
order by rank, place, relation nulls first;
