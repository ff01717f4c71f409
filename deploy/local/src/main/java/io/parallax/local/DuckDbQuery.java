package io.parallax.local;

import java.nio.file.Path;

/** A query that a reader of the Parquet tables can start from: it shows how revisions are read. */
final class DuckDbQuery {

    private DuckDbQuery() {}

    /** Octets by address pair, most first, from the last revision of each flow and window. */
    static String busiestPairs(Path tables) {
        return """
                  duckdb -c "
                    select source_address, destination_address, count(distinct flow_id) as flows,
                           sum(octet_delta_count) as octets, sum(reverse_octet_delta_count) as octets_back
                    from (from read_parquet('%s/flows/**/*.parquet')
                          qualify row_number() over (partition by flow_id, window_start order by revision desc) = 1)
                    group by all order by octets + octets_back desc limit 10\"""".formatted(tables);
    }
}
