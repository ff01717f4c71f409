-- The table flows in DuckDB, without any extension of it:
--
--     duckdb -c "set variable tables = 'out/demo/tables'" -c ".read docs/examples/duckdb/flows.sql"

-- A row that was restated is there again with a greater revision; per key the greatest counts.
create or replace temp view flows as
from read_parquet(getvariable('tables') || '/flows/**/*.parquet', union_by_name = true)
qualify row_number() over (partition by flow_id, window_start order by revision desc) = 1;

-- Which service answered whom, most octets first.
select coalesce(source_virtual_station_name, source_address) as client, coalesce(destination_virtual_station_name, destination_address) as server,
    destination_transport_port as port, count(distinct flow_id) as flows, sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets
from flows where connection_outcome = 'established' group by all order by octets desc limit 10;

-- Where it ran.
select locality, sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets, sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets
from flows group by all order by octets desc;

-- All of it.
select count(*) as rows, sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets, sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets
from flows;
