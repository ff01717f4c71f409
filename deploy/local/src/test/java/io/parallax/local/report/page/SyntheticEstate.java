package io.parallax.local.report.page;

import io.parallax.wire.Completeness;
import io.parallax.wire.Dependency;
import io.parallax.wire.Flow;
import io.parallax.wire.MatrixCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Tables of an estate that nobody has, written by DuckDB: columns and types are those of the schemas, so that a column that
 * no longer exists is refused. The same for the same numbers. One machine in twenty has no name, one has a hostile one.
 *
 * <p>Every table holds rows that do not count: superseded revisions, cells and dependencies that were taken back. The matrix
 * is not the sum of the flows: a page that took one for the other would be found out.
 *
 * @param vms virtual machines
 * @param flows rows of {@code flows}, in two windows
 * @param pairs rows of {@code matrix} at level vm
 * @param dependencies rows of {@code dependencies}
 */
record SyntheticEstate(int vms, int flows, int pairs, int dependencies) {

    static final String HOSTILE_NAME =
            "</script><script>console.error('owned')</script><img src=x onerror=console.error(1)>";

    /** Unlike all others it is not in the schemas: the report reads these columns. */
    private static final String SIGNALS = """
            create table signals (signal_id varchar, revision bigint, "start" timestamp, "end" timestamp, detector varchar,
              severity varchar, entity varchar, peer_entity varchar, explanation varchar)""";

    /** Random but the same every time: {@code pick(row, what for, below which number)}. */
    private static final List<String> MACHINES = List.of(
            "create macro pick(i, salt, n) as cast(hash(i * 1000 + salt) % n as bigint)",
            "create macro window_at(n) as make_timestamp(1700000040000000 + n * 60000000)",
            """
            create macro ran(a, b) as case when (a + b) % 41 = 0 then null when (a + b) % 29 = 0 then 'north-south'
              when a // 20 = b // 20 then 'within-host ' else 'inter-host ' end
              || case when (a + b) % 29 = 0 and (a + b) % 41 > 0 then '' when a // 25 = b // 25 then 'switched' else 'routed' end""",
            """
            create table vm as select i,
              case when i % 20 = 19 then null when i = 0 then '%s' else format('app{}-vm{}', i // 25, i) end as name,
              case when i % 20 < 19 then 'app' || i // 25 end as application, case when i % 20 < 19 then 'esx' || i // 20 end as host,
              'net-' || i // 25 as subnet, format('10.{}.{}.{}', i // 25 // 250, i // 25 % 250, i % 25 + 1) as address
            from range(vms()) t(i)""",
            // Peers are near three times of four, so that applications stand out.
            """
            create macro peer(i, a) as (with found as (select case when pick(i, 1, 4) > 0 then a // 25 * 25 + pick(i, 2, 4) else pick(i, 3, vms()) end as b)
              select case when b = a or b >= vms() then (a + 1) % vms() else b end from found)""");

    private static final String FLOWS = """
            insert into flows by name
            select 'f' || f as flow_id, window_at(f % 2) as window_start, 60 as window_seconds, 2 - old as revision,
              4 as ip_version, 6 as protocol_identifier, 40000 as source_transport_port, 443 as destination_transport_port,
              a.address as source_address, b.address as destination_address,
              packets - old as packet_delta_count, packets * 700 + f - old as octet_delta_count,
              packets // 2 as reverse_packet_delta_count, packets // 2 * 52 as reverse_octet_delta_count,
              window_at(case when f % 14 = 1 then 0 else f % 2 end) as flow_start, window_at(2) as flow_end,
              2 as tcp_control_bits, 18 as reverse_tcp_control_bits, 'syn' as initiator_evidence, '' as community_id,
              ran(a.i, b.i) as locality,
              ['established', 'refused', 'no_answer', 'unreachable', null][pick(f, 6, 5) + 1] as connection_outcome,
              case when f % 3 > 0 then 200 + f * 7919 % 100003 end as tcp_handshake_microseconds,
              case when f % 5 > 0 then pick(f, 7, 100000) end as tcp_retransmitted_packet_count,
              pick(f, 8, 100000) as reverse_tcp_retransmitted_packet_count,
              pick(f, 9, 3000) as tcp_retransmitted_octet_count, pick(f, 10, 3000) as reverse_tcp_retransmitted_octet_count,
              a.name as source_virtual_station_name, a.application as source_application, a.host as source_host, a.subnet as source_subnet,
              b.name as destination_virtual_station_name, b.application as destination_application, b.host as destination_host,
              b.subnet as destination_subnet
            from (select f, f % vms() as a, peer(f, f % vms()) as b, 2 + pick(f, 5, 2000) as packets from range(flows()) t(f)) flow
              join vm a on a.i = flow.a join vm b on b.i = flow.b join (values (0), (1)) revisions(old) on old = 0 or f % 11 = 0""";

    private static final String MATRIX = """
            create table sent as
            select c, c % 2 as w, a.*, b.i as b_i, coalesce(b.name, b.address) as b_vm, b.address as b_address,
              coalesce(b.application, 'unattributed') as b_application, b.subnet as b_subnet, coalesce(b.host, 'unattributed') as b_host
            from (select c, c % vms() as a, case when pick(c, 11, 4) = 0 then peer(c, c % vms()) else (c % vms() + 1 + pick(c, 12, vms() - 1)) % vms() end as b
                  from range(pairs()) t(c)) pair
              join vm a on a.i = pair.a join vm b on b.i = pair.b;

            insert into matrix by name
            with named as (
              select 'vm' as level, coalesce(name, address) as source_entity, b_vm as destination_entity, * from sent
              union all by name select 'application' as level, coalesce(application, 'unattributed') as source_entity, b_application as destination_entity, * from sent
              union all by name select 'subnet' as level, subnet as source_entity, b_subnet as destination_entity, * from sent
              union all by name select 'host' as level, coalesce(host, 'unattributed') as source_entity, b_host as destination_entity, * from sent
              union all by name select 'address' as level, address as source_entity, b_address as destination_entity, * from sent
              union all by name select 'vm' as level, '(other)' as source_entity, '(other)' as destination_entity, * from sent where c % 500 = 7),
            cells as (
              select level, source_entity, destination_entity, ran(i, b_i) as locality, window_at(w) as window_start, 60 as window_seconds,
                cast(sum(1 + pick(c, 13, 900)) as bigint) as packet_delta_count, cast(sum(1 + c + pick(c, 14, 2000) * 50000) as bigint) as octet_delta_count,
                cast(sum(pick(c, 15, 4)) as bigint) as flows_opened, cast(sum(pick(c, 16, 2)) as bigint) as flows_refused,
                case when bool_and(c % 3 > 0) then cast(sum(pick(c, 17, 2)) as bigint) end as flows_unanswered,
                cast(sum(pick(c, 18, 4000)) as bigint) as tcp_retransmitted_octet_count, min(c) as c
              from named group by all)
            select * exclude (c), 5 as revision from cells
            union all by name select * exclude (c) replace (octet_delta_count + 1 as octet_delta_count), 4 as revision from cells where c % 9 = 0;

            -- Taken back by a late inventory: it had been this machine, and is none.
            insert into matrix by name
            select 'vm' as level, '10.99.0.' || n as source_entity, '10.99.1.' || n as destination_entity, 'inter-host routed' as locality, window_at(0) as window_start,
              60 as window_seconds, revision, (1 - revision) * 10 as packet_delta_count, (1 - revision) * 1000 as octet_delta_count, 0 as flows_opened
            from range(5) t(n), range(2) r(revision)""";

    private static final String DEPENDENCIES = """
            insert into dependencies by name
            select distinct on (client_entity, server_entity, protocol_identifier, server_transport_port, part, revision) * from (
              select coalesce(a.name, a.address) as client_entity, coalesce(b.name, b.address) as server_entity,
                case when d % 4 = 0 then 17 else 6 end as protocol_identifier, 400 + d % 53 as server_transport_port, 0 as part, 2 - old as revision,
                window_at(2) as window_end, case when d % 50 = 3 then 'retracted' when d % 40 = 1 then 'disappeared' else 'active' end as state,
                a.application as client_application, b.application as server_application, 1 + pick(d, 21, 300) + old as connections,
                pick(d, 22, 9) as refused, pick(d, 23, 9) as unanswered, pick(d, 24, 9) as reset, pick(d, 25, 9) as probes, 0 as packet_total_count,
                1 + d + pick(d, 26, 2000) * 50000 as octet_total_count, 0 as reverse_packet_total_count, pick(d, 27, 50000) as reverse_octet_total_count,
                1 as client_addresses, 0 as rtt_count
              from (select d, d % vms() as a, peer(d * 7, d % vms()) as b from range(dependencies()) t(d)) used
                join vm a on a.i = used.a join vm b on b.i = used.b join (values (0), (1)) revisions(old) on old = 0 or d % 11 = 0
              union all by name
              select '(other)' as client_entity, '(other)' as server_entity, 0 as protocol_identifier, 0 as server_transport_port, part, 1 as revision,
                window_at(2) as window_end, 'active' as state, 10 + part as connections, 1 as refused, 2 as unanswered, 3 as reset, 0 as probes,
                0 as packet_total_count, 900000000 + part as octet_total_count, 0 as reverse_packet_total_count, 17 as reverse_octet_total_count,
                1 as client_addresses, 0 as rtt_count
              from range(2) t(part))""";

    private static final String COMPLETENESS = """
            insert into completeness by name
            select 'capvm' || s as sensor_id, 'cap0' as interface_name, window_at(w) as window_start, 60 as window_seconds, 2 - old as revision,
              1000 + n as frames, map {'decoded': 1000 + n} as outcomes, 900 + n as published, 900 + n as published_ip, 890 + n + old as received,
              0 as replayed, 0 as missing, 7 as non_ip, 800 + n as canonical, map {'D1': 50, 'D2': n} as duplicates, 3 as folded, 2 as too_late,
              10 as transport_residual, case when s = 1 then 3 when s = 2 then -3 else 0 end as residual
            from (select s, w, pick(s * 10 + w, 31, 99999) as n from range(3) a(s), range(5) b(w)) account
              join (values (0), (1)) revisions(old) on old = 0 or w = 2""";

    private static final String RAISED = """
            insert into signals
            select 's' || n, 1, window_at(0) + to_microseconds(n * 1000003), window_at(0) + to_microseconds(n * 1000003 + pick(n, 41, 5000000)),
              ['scan', 'beacon', 'spread'][n % 3 + 1], ['low', 'high'][n % 2 + 1], 'app0-vm' || n, 'app1-vm' || n, 'tried ' || n || ' ports'
            from range(70) t(n)""";

    /** Writes one folder per table below {@code folder}. */
    void write(Path folder) throws IOException, SQLException {
        writeFlows(folder);
        try (Connection connection = machines();
                Statement sql = connection.createStatement()) {
            write(sql, folder, "matrix", MatrixCell.getClassSchema(), MATRIX);
            write(sql, folder, "dependencies", Dependency.getClassSchema(), DEPENDENCIES);
            write(sql, folder, "completeness", Completeness.getClassSchema(), COMPLETENESS);
            sql.execute(SIGNALS);
            sql.execute(RAISED);
            save(sql, folder, "signals");
        }
    }

    /** Writes {@code folder/flows} and nothing else. */
    void writeFlows(Path folder) throws IOException, SQLException {
        try (Connection connection = machines();
                Statement sql = connection.createStatement()) {
            write(sql, folder, "flows", Flow.getClassSchema(), FLOWS);
        }
    }

    private Connection machines() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement sql = connection.createStatement()) {
            sql.execute("create macro vms() as " + vms);
            sql.execute("create macro flows() as " + flows);
            sql.execute("create macro pairs() as " + pairs);
            sql.execute("create macro dependencies() as " + dependencies);
            for (String statement : MACHINES) {
                sql.execute(statement.replace("%s", HOSTILE_NAME.replace("'", "''")));
            }
        }
        return connection;
    }

    private static void write(Statement sql, Path folder, String table, Schema schema, String rows)
            throws IOException, SQLException {
        sql.execute(schema.getFields().stream()
                .filter(field -> field.schema().getType() != Schema.Type.ARRAY)
                .map(SyntheticEstate::column)
                .collect(Collectors.joining(", ", "create table " + table + " (", ")")));
        sql.execute(rows);
        save(sql, folder, table);
    }

    private static void save(Statement sql, Path folder, String table) throws IOException, SQLException {
        Path file = Files.createDirectories(folder.resolve(table)).resolve("part-0.parquet");
        sql.execute("copy " + table + " to '" + file + "' (format parquet)");
    }

    /** What must have a value by the schema must have one here. */
    private static String column(Schema.Field field) {
        String type = type(field.schema());
        String mark = field.schema().isNullable() || type.startsWith("map") ? "" : " not null";
        String otherwise = field.hasDefaultValue() && !field.schema().isNullable() && mark.length() > 0
                ? " default '" + field.defaultVal() + "'"
                : "";
        return field.name() + " " + type + mark + otherwise;
    }

    private static String type(Schema schema) {
        if (schema.isUnion()) {
            return type(schema.getTypes().get(1));
        }
        if (schema.getLogicalType() instanceof LogicalTypes.TimestampMicros) {
            return "timestamp";
        }
        return switch (schema.getType()) {
            case STRING -> "varchar";
            case LONG -> "bigint";
            case INT -> "integer";
            case MAP -> "map(varchar, bigint)";
            default -> schema.getType().getName().toLowerCase(Locale.ROOT);
        };
    }
}
