package io.parallax.local.report.page;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every number on the page has to be, asked of the tables by SQL. A figure is what the page says of it in attributes: a
 * column of a row here is an attribute there ({@code measure}, {@code value}, {@code section} and what it is about).
 */
final class TableFigures implements AutoCloseable {

    private static final String LATEST_FLOWS = """
            create table flows as from read_parquet('%s/flows/**/*.parquet')
            qualify row_number() over (partition by flow_id, window_start order by revision desc) = 1""";

    /** Both directions of a flow, as who sent to whom; a flow is opened, and fails, in its first window. */
    private static final String FROM_FLOWS = """
            create view sent as
            with ends as (
              from flows select *, flow_start >= window_start as opens,
                source_address || coalesce('/' || source_prefix_length, '') as s_address,
                destination_address || coalesce('/' || destination_prefix_length, '') as d_address),
            directions as (
              select false as back, ends.* from ends union all select true, ends.* from ends where reverse_packet_delta_count > 0),
            named as (
              select *, unnest(['vm', 'application', 'subnet', 'host', 'address']) as level,
                unnest([coalesce(source_virtual_station_name, s_address), coalesce(source_application, 'unattributed'),
                  coalesce(source_subnet, 'unattributed'), coalesce(source_host, 'unattributed'), s_address]) as s,
                unnest([coalesce(destination_virtual_station_name, d_address), coalesce(destination_application, 'unattributed'),
                  coalesce(destination_subnet, 'unattributed'), coalesce(destination_host, 'unattributed'), d_address]) as d
              from directions)
            select level, if(back, d, s) as source, if(back, s, d) as destination, coalesce(locality, 'not determined') as locality,
              if(back, reverse_packet_delta_count, packet_delta_count) as packets, if(back, reverse_octet_delta_count, octet_delta_count) as octets,
              (opens and not back)::int as flows, (opens and not back and coalesce(connection_outcome in ('refused', 'unreachable'), false))::int as refused,
              (opens and not back and coalesce(connection_outcome = 'no_answer', false))::int as unanswered,
              coalesce(if(back, reverse_tcp_retransmitted_octet_count, tcp_retransmitted_octet_count), 0) as "sent again"
            from named""";

    private static final String FROM_MATRIX = """
            create view stated as
            select level, source_entity as source, destination_entity as destination, coalesce(locality, 'not determined') as locality,
              packet_delta_count as packets, octet_delta_count as octets, flows_opened as flows, coalesce(flows_refused, 0) as refused,
              coalesce(flows_unanswered, 0) as unanswered, coalesce(tcp_retransmitted_octet_count, 0) as "sent again"
            from read_parquet('%s/matrix/**/*.parquet')
            qualify row_number() over (partition by window_start, window_seconds, level, realm, source_entity, destination_entity, locality
              order by revision desc) = 1""";

    private static final String CELLS = """
            create table cells as
            select level, source, destination, locality, sum(packets)::bigint as packets, sum(octets)::bigint as octets, sum(flows)::bigint as flows,
              sum(refused)::bigint as refused, sum(unanswered)::bigint as unanswered, sum("sent again")::bigint as "sent again"
            from (from stated union all from sent where level not in (select level from stated))
            group by all having packets + octets + flows + refused + unanswered + "sent again" > 0""";

    private static final String GROUPS = """
            create table groups as
            with ends as (
              select window_start, source_virtual_station_name as vm, source_address as address, coalesce(source_application, source_subnet) as g from flows
              union all
              select window_start, destination_virtual_station_name, destination_address, coalesce(destination_application, destination_subnet) from flows)
            select name, arg_max(g, window_start) as g
            from (select coalesce(vm, address) as name, g, window_start from ends union all select address, g, window_start from ends)
            where g is not null group by name""";

    /** Who is at level vm; a name that no flow bears is an address. */
    private static final String MACHINES = """
            create table machines as
            select name, name in (select source_virtual_station_name from flows where source_virtual_station_name is not null
              union select destination_virtual_station_name from flows where destination_virtual_station_name is not null) as is_named
            from (select source as name from cells where level = 'vm' union select destination from cells where level = 'vm')
            where name <> '(other)'""";

    /** The page holds 30,000 cells of a level. */
    private static final String FOLDED = """
            create table folded as
            with ranked as (from cells select *, row_number() over (partition by level order by octets desc, source, destination, locality) > 30000 as folds)
            select level, if(folds, '(other)', source) as source, if(folds, '(other)', destination) as destination, locality,
              sum(packets)::bigint as packets, sum(octets)::bigint as octets, sum(flows)::bigint as flows, sum(refused)::bigint as refused,
              sum(unanswered)::bigint as unanswered, sum("sent again")::bigint as "sent again",
              count(*) filter (folds) as cells_folded, coalesce(sum(octets) filter (folds), 0)::bigint as octets_folded
            from ranked group by all""";

    /** ... and 8,000 dependencies. */
    private static final String USES = """
            create table uses as
            with latest as (
              from read_parquet('%s/dependencies/**/*.parquet')
              qualify row_number() over (partition by realm, client_entity, server_entity, protocol_identifier, server_transport_port, part
                order by revision desc) = 1),
            ranked as (
              from latest left join groups c on c.name = client_entity left join groups s on s.name = server_entity
              select *, coalesce(client_application, c.g) as ca, coalesce(server_application, s.g) as sa,
                row_number() over (order by octet_total_count + reverse_octet_total_count desc, client_entity, server_entity,
                  protocol_identifier, server_transport_port) > 8000 as folds
              where state <> 'retracted')
            select if(folds, '(other)', client_entity) as client, if(folds, '(other)', server_entity) as server,
              if(folds or client = '(other)', '(other)', coalesce(ca, 'unattributed')) as client_application,
              if(folds or server = '(other)', '(other)', coalesce(sa, 'unattributed')) as server_application,
              case when folds or protocol_identifier = 0 then '(other)' else
                case protocol_identifier when 1 then 'ICMP' when 6 then 'TCP' when 17 then 'UDP' when 58 then 'ICMPv6' when 132 then 'SCTP'
                  else 'protocol ' || protocol_identifier end || if(server_transport_port > 0, ' ' || server_transport_port, '') end as service,
              connections, refused + unanswered + reset as failures, octet_total_count + reverse_octet_total_count as octets, folds
            from ranked""";

    private static final String ACCOUNTS = """
            create view accounts as
            from read_parquet('%s/completeness/**/*.parquet')
            qualify row_number() over (partition by sensor_id, interface_name, window_start order by revision desc) = 1""";

    private static final String RAISED = """
            create view raised as
            from read_parquet('%s/signals/**/*.parquet') qualify row_number() over (partition by signal_id order by revision desc) = 1""";

    private final Connection connection;
    private final boolean hasSignals;

    private TableFigures(Connection connection, boolean hasSignals) {
        this.connection = connection;
        this.hasSignals = hasSignals;
    }

    /** A matrix may be missing, dependencies and completeness with it: the page then makes do with the flows. */
    static TableFigures of(Path tables) throws SQLException {
        TableFigures figures =
                new TableFigures(DriverManager.getConnection("jdbc:duckdb:"), Files.exists(tables.resolve("signals")));
        figures.run(LATEST_FLOWS, tables);
        figures.run(FROM_FLOWS, tables);
        boolean hasMatrix = Files.exists(tables.resolve("matrix"));
        figures.run(hasMatrix ? FROM_MATRIX : "create view stated as from sent where false", tables);
        figures.run(CELLS, tables);
        figures.run(GROUPS, tables);
        figures.run(MACHINES, tables);
        figures.run(FOLDED, tables);
        if (hasMatrix) {
            figures.run(USES, tables);
            figures.run(ACCOUNTS, tables);
        }
        if (figures.hasSignals) {
            figures.run(RAISED, tables);
        }
        return figures;
    }

    private void run(String statement, Path tables) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement.replace("%s", tables.toString()));
        }
    }

    private Set<Map<String, String>> ask(String query) throws SQLException {
        Set<Map<String, String>> figures = new HashSet<>();
        try (Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                Map<String, String> figure = new TreeMap<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    if (rows.getString(column) != null) {
                        figure.put(rows.getMetaData().getColumnName(column), rows.getString(column));
                    }
                }
                figures.add(figure);
            }
        }
        return figures;
    }

    Set<Map<String, String>> header() throws SQLException {
        return ask("""
                unpivot (
                  select 'header' as section, min(epoch_us(window_start)) as first, max(epoch_us(window_start) + window_seconds * 1000000) as last,
                    sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets, sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets,
                    count(*) filter (flow_start >= window_start) as flows, (select count(*) from machines where is_named) as named,
                    (select count(*) from machines where not is_named) as unattributed
                  from flows) on columns(* exclude section) into name measure value value""");
    }

    /** What a port sees is said by name of the locality here, and by pattern on the page. */
    Set<Map<String, String>> visibility() throws SQLException {
        return ask("""
                with seen as (
                  select * from (values ('core', 'inter-host routed'), ('core', 'within-host routed'), ('uplinks', 'inter-host switched'),
                    ('uplinks', 'inter-host routed'), ('uplinks', 'within-host routed'), ('nowhere', 'within-host switched'),
                    ('parallax', 'inter-host switched'), ('parallax', 'inter-host routed'), ('parallax', 'within-host routed'),
                    ('parallax', 'within-host switched')) seen(place, locality)),
                ran as (
                  unpivot (
                    select locality, sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets,
                      sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets
                    from flows where locality in (select locality from seen) group by all) on packets, octets into name measure value n),
                places as (
                  select place, measure, ran.locality, n, if(seen.locality is null, 0, n) as n_seen
                  from (select distinct place from seen) cross join ran left join seen using (place, locality)),
                wholes as (select place, measure, sum(n)::bigint as n, sum(n_seen)::bigint as n_seen from places group by all)
                select 'visibility' as section, measure, null as place, null as locality, n as value, null as "of" from wholes
                union select 'visibility', measure, place, null, n_seen, null from wholes where place <> 'nowhere'
                union select 'visibility', measure, place, null, n_seen, n from wholes
                union select 'visibility', measure, place, locality, n_seen, n from places where place <> 'nowhere'""");
    }

    Set<Map<String, String>> locality() throws SQLException {
        return ask("""
                with ran as (
                  select coalesce(locality, 'not determined') as locality, sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets,
                    sum(octet_delta_count + reverse_octet_delta_count)::bigint as octets, count(*) filter (flow_start >= window_start) as flows
                  from flows group by all),
                figures as (unpivot ran on packets, octets, flows into name measure value value)
                select 'locality' as section, *, null as "of" from figures
                union select 'locality', locality, 'octets', octets, sum(octets) over () from ran""");
    }

    /**
     * The heat map as it is set.
     *
     * @param ran a locality, or the empty text: anywhere
     * @param term what is searched, or the empty text
     * @param most entities that are shown by themselves
     */
    Set<Map<String, String>> matrix(String level, String measure, String ran, String term, int most)
            throws SQLException {
        return ask("""
                with labelled as (
                  select f.*, "$measure" as n, $hit(source, s.g) as s_hit, $hit(destination, d.g) as d_hit
                  from folded f left join groups s on s.name = source and level in ('vm', 'address')
                    left join groups d on d.name = destination and level in ('vm', 'address')
                  where level = '$level'),
                wanted as materialized (from labelled where (s_hit or d_hit) and ('$ran' = '' or locality = '$ran')),
                weights as (
                  select name, sum(n) as w, bool_or(hit) as hit
                  from (select source as name, n, s_hit as hit from wanted union all select destination, n, d_hit from wanted)
                  where name <> '(other)' group by name),
                ranked as materialized (select name, row_number() over (order by hit desc, w desc, name) as rank from weights),
                grid as materialized (
                  select coalesce(s.name, '(other)') as source, coalesce(d.name, '(other)') as destination, sum(n)::bigint as value
                  from wanted left join ranked s on s.name = source and s.rank <= $most left join ranked d on d.name = destination and d.rank <= $most
                  group by all having value > 0)
                select 'matrix' as section, level, nullif('$ran', '') as locality, nullif('$term', '') as search, measure, value, source, destination
                from (
                  select '$measure' as measure, value, source, destination from grid
                  union all select '$measure', coalesce(sum(n), 0)::bigint, null, null from wanted
                  union all select 'cells', count(*), null, null from wanted
                  union all select 'entities', count(*), null, null from ranked
                  union all select 'shown', $most, null, null from ranked having count(*) > $most
                  union all select 'rows', least(200, count(*)), null, null from grid), (select '$level' as level)
                union all
                select 'matrix', level, null, null, measure, value, null, null
                from (unpivot (select level, sum(cells_folded)::bigint as "folded cells", sum(octets_folded)::bigint as "folded octets" from folded
                    where level = '$level' group by all having sum(cells_folded) > 0) on "folded cells", "folded octets" into name measure value value)""".replace("$hit", hit(term))
                .replace("$level", level)
                .replace("$measure", measure)
                .replace("$ran", ran)
                .replace("$term", term)
                .replace("$most", "" + most));
    }

    /** All of a level, before any cell is folded. */
    long octetsOfLevel(String level) throws SQLException {
        return ask("select sum(octets)::bigint as value from cells where level = '" + level + "'").stream()
                .mapToLong(row -> Long.parseLong(row.getOrDefault("value", "")))
                .sum();
    }

    /** A macro: in quotes it is a whole name, else a part of the name and its group. */
    private String hit(String term) throws SQLException {
        String condition = term.startsWith("\"")
                ? "lower(name) = '$' or coalesce(lower(g), '') = '$'".replace("$", term.replace("\"", ""))
                : "contains(lower(name || ' ' || coalesce(g, '')), '$')".replace("$", term);
        try (Statement sql = connection.createStatement()) {
            sql.execute("create or replace macro hit(name, g) as " + condition);
        }
        return "hit";
    }

    Set<Map<String, String>> talkers() throws SQLException {
        return ask("""
                with entities as (
                  select name, sum(sent)::bigint as "octets sent", sum(received)::bigint as "octets received", sum(opened)::bigint as "flows opened"
                  from (select source as name, octets as sent, 0 as received, flows as opened from cells where level = 'vm'
                    union all select destination, 0, octets, 0 from cells where level = 'vm') group by name),
                ranked as (
                  select *, name = '(other)' or row_number() over (order by name = '(other)', "octets sent" + "octets received" desc, name) > 15 as is_rest from entities)
                select 'talkers' as section, * from (
                  unpivot (select if(is_rest, '(other)', name) as entity, sum("octets sent")::bigint as "octets sent",
                      sum("octets received")::bigint as "octets received", sum("flows opened")::bigint as "flows opened" from ranked group by all)
                  on columns(* exclude entity) into name measure value value)
                union all
                select 'talkers', '(other)', 'entities', count(*) filter (name <> '(other)') from ranked where is_rest having count(*) > 0""");
    }

    /** Of all pairs; the page lists the 15 worst in either order. */
    Set<Map<String, String>> slow() throws SQLException {
        return ask("""
                with named as (
                  from flows select *, coalesce(source_virtual_station_name, source_address || coalesce('/' || source_prefix_length, '')) as source,
                    coalesce(destination_virtual_station_name, destination_address || coalesce('/' || destination_prefix_length, '')) as destination),
                trips as (
                  select source, destination, list_sort(list(trip)) as trips
                  from (select arg_min(source, window_start) as source, arg_min(destination, window_start) as destination,
                      arg_min(tcp_handshake_microseconds, window_start) as trip
                    from named where tcp_handshake_microseconds is not null group by flow_id) group by all),
                sums as (
                  select source, destination, sum(packet_delta_count + reverse_packet_delta_count)::bigint as packets,
                    sum(coalesce(tcp_retransmitted_packet_count, 0) + coalesce(reverse_tcp_retransmitted_packet_count, 0))::bigint as "sent again"
                  from named group by all),
                pairs as (
                  select *, coalesce(len(trips), 0)::bigint as handshakes, trips[ceil(len(trips) * 50 / 100)::int] as median,
                    trips[ceil(len(trips) * 95 / 100)::int] as p95
                  from sums left join trips using (source, destination)),
                ranked as (
                  select *, p95 is not null and row_number() over (order by p95 desc nulls last, source, destination) <= 150 as is_slow,
                    "sent again" > 0 and row_number() over (order by "sent again" desc, source, destination) <= 150 as is_lossy,
                    p95 is not null and row_number() over (order by p95 desc nulls last, source, destination) <= 15
                    or "sent again" > 0 and row_number() over (order by "sent again" desc, source, destination) <= 15 as is_listed
                  from pairs)
                select 'slow' as section, source, destination, measure, value, null as "of"
                from (unpivot (select source, destination, handshakes, median, p95, packets, "sent again" from ranked where is_listed)
                  on handshakes, median, p95, packets, "sent again" into name measure value value)
                union all select 'slow', source, destination, 'sent again', "sent again", packets from ranked where is_listed and packets > 0
                union all select 'slow', null, null, 'pairs', count(*), null from pairs
                union all select 'slow', null, null, 'held', count(*) filter (is_slow or is_lossy), null from ranked""");
    }

    /** The graph and its table, at level vm or application. */
    Set<Map<String, String>> dependencies(String level, String term, int most) throws SQLException {
        return ask("""
                with named as (
                  select *, if('$level' = 'vm', client, client_application) as c, if('$level' = 'vm', server, server_application) as s from uses),
                edges as (
                  select c, s, service, sum(connections)::bigint as connections, sum(octets)::bigint as octets, sum(failures)::bigint as failures
                  from named where contains(lower(concat_ws(' ', c, s, service, client, server)), '$term') group by all),
                ranked as (select *, row_number() over (order by octets desc, c, s, service) > $most as is_rest from edges),
                shown as (
                  select if(is_rest, '(other)', c) as client, if(is_rest, '(other)', s) as server, if(is_rest, 'all others', service) as service,
                    sum(connections)::bigint as connections, sum(octets)::bigint as octets, sum(failures)::bigint as failures
                  from ranked group by all)
                select 'dependencies' as section, '$level' as level, nullif('$term', '') as search, *
                from (from (unpivot shown on connections, octets, failures into name measure value value)
                  union all by name select 'edges' as measure, count(*) as value from edges
                  union all by name select 'others' as measure, count(*) as value from ranked where is_rest having value > 0)
                union all by name
                select 'dependencies' as section, measure, value
                from (unpivot (select count(*) as dependencies, sum(connections)::bigint as connections, sum(failures)::bigint as failures,
                    sum(octets)::bigint as octets, nullif(count(*) filter (folds), 0) as folded from uses)
                  on columns(*) into name measure value value)""".replace("$level", level).replace("$term", term).replace("$most", "" + most));
    }

    Set<Map<String, String>> sensors() throws SQLException {
        return ask("""
                unpivot (
                  select 'sensors' as section, coalesce(sensor_id || '.' || interface_name, 'total') as sensor, count(*) as windows,
                    sum(frames)::bigint as frames, sum(received)::bigint as received, sum(non_ip)::bigint as "not IP", sum(canonical)::bigint as "counted once",
                    sum(coalesce(list_sum(map_values(duplicates)), 0))::bigint as duplicates, sum(folded)::bigint as folded, sum(too_late)::bigint as "too late",
                    sum(abs(residual) + abs(transport_residual))::bigint as residual
                  from accounts group by rollup (sensor_id || '.' || interface_name)) on columns(* exclude (section, sensor)) into name measure value value""");
    }

    Set<Map<String, String>> signals() throws SQLException {
        return hasSignals ? ask("""
                with ranked as (from raised select *, row_number() over (order by start desc) as rank)
                select 'signals' as section, signal_id as signal, 'end' as measure, epoch_us("end") as value from ranked where rank <= 2000
                union all select 'signals', signal_id, 'start', epoch_us("start") from ranked where rank <= 50
                union all select 'signals', null, 'signals', count(*) from ranked
                union all select 'signals', null, 'drawn', least(2000, count(*)) from ranked
                union all select 'signals', null, 'listed', least(50, count(*)) from ranked""") : Set.of();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
