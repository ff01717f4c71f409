-- Topic flows in Flink SQL 2.3. How to start it, and why it reads octets and not 'avro': README.md.

set 'execution.runtime-mode' = 'batch'; -- what is there now; 'streaming' goes on with what comes, without scan.bounded.mode

create temporary table flow_records (
    `value` bytes
) with (
    'connector' = 'kafka',
    'topic' = 'flows',
    'properties.bootstrap.servers' = 'localhost:9092',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = 'latest-offset',
    'format' = 'raw'
);

create temporary function decode_flow as 'DecodeFlow';

create temporary view stated_flows as
select flow.*
from (select decode_flow(`value`) as flow from flow_records)
where flow is not null;

-- A row that was restated comes again with a greater revision; per key the greatest counts.
create temporary view latest_flows as
select *
from (select *, row_number() over (partition by flow_id, window_start order by revision desc) as place from stated_flows)
where place = 1;

select count(*) as `rows`, sum(packet_delta_count + reverse_packet_delta_count) as packets, sum(octet_delta_count + reverse_octet_delta_count) as octets
from latest_flows;
