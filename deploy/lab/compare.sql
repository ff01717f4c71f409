-- What was truly sent against what Parallax counted, by pair of addresses; says nothing where they are equal.
-- In the folder that holds truth.json and tables/:  duckdb < compare.sql
with told as (
       select f.a.ip as a, f.b.ip as b, f.a2b.packets as packets, f.a2b.bytes as octets, f.b2a.packets as back, f.b2a.bytes as octets_back
       from (select unnest(flows) as f from read_json('truth.json', maximum_object_size = 1000000000))),
     sent as (
       select sender, receiver, sum(packets) as packets, sum(octets) as octets
       from (select a as sender, b as receiver, packets, octets from told union all select b, a, back, octets_back from told)
       group by all having sum(packets) > 0),
     flows as (
       from read_parquet('tables/flows/**/*.parquet')
       qualify row_number() over (partition by flow_id, window_start order by revision desc) = 1),
     counted as (
       select sender, receiver, sum(packets) as packets, sum(octets) as octets
       from (select source_address as sender, destination_address as receiver, packet_delta_count as packets, octet_delta_count as octets from flows
             union all
             select destination_address, source_address, reverse_packet_delta_count, reverse_octet_delta_count from flows)
       group by all having sum(packets) > 0)
select sender, receiver, sent.packets as packets_sent, counted.packets as packets_counted, sent.octets as octets_sent, counted.octets as octets_counted
from sent full join counted using (sender, receiver)
where sent.packets is distinct from counted.packets or sent.octets is distinct from counted.octets
order by all;
