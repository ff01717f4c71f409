import io.parallax.wire.Flow;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;

/**
 * SQL function {@code decode_flow}: one value of topic {@code flows} as a row. Null where the value is not exactly one record
 * of a published schema, so that a query can say what becomes of it. A column more is a line more in the hint and in the row.
 */
public final class DecodeFlow extends ScalarFunction {

    private transient SingleObjectCodec<Flow> codec;

    @Override
    public void open(FunctionContext context) {
        codec = SingleObjectCodec.of(Flow.getClassSchema());
    }

    @DataTypeHint("ROW<flow_id STRING, window_start TIMESTAMP_LTZ(6), revision BIGINT, protocol_identifier INT,"
            + " source_address STRING, source_transport_port INT, destination_address STRING, destination_transport_port INT,"
            + " source_virtual_station_name STRING, destination_virtual_station_name STRING,"
            + " packet_delta_count BIGINT, octet_delta_count BIGINT,"
            + " reverse_packet_delta_count BIGINT, reverse_octet_delta_count BIGINT,"
            + " locality STRING, connection_outcome STRING>")
    public Row eval(byte[] value) {
        Flow flow;
        try {
            flow = codec.decode(value);
        } catch (WireFormatException e) {
            return null;
        }
        return Row.of(
                flow.getFlowId(),
                flow.getWindowStart(),
                flow.getRevision(),
                flow.getProtocolIdentifier(),
                flow.getSourceAddress(),
                flow.getSourceTransportPort(),
                flow.getDestinationAddress(),
                flow.getDestinationTransportPort(),
                flow.getSourceVirtualStationName(),
                flow.getDestinationVirtualStationName(),
                flow.getPacketDeltaCount(),
                flow.getOctetDeltaCount(),
                flow.getReversePacketDeltaCount(),
                flow.getReverseOctetDeltaCount(),
                flow.getLocality(),
                flow.getConnectionOutcome());
    }
}
