package io.parallax.flow;

import io.parallax.model.StreamName;
import io.parallax.wire.HeaderBatch;
import io.parallax.wire.HeaderBatchWriter;
import io.parallax.wire.PacketHeader;
import io.parallax.wire.SingleObjectCodec;
import io.parallax.wire.WireFormatException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Seeded traffic of a fixed set of flows that goes on for as long as it is asked for. Each packet is of a flow drawn at
 * random, in either direction. TCP is clean: each direction's sequence numbers go on where its last payload ended, and each
 * packet acknowledges all that the other side has sent. So no second of it repeats an earlier one, which a meter would take
 * for retransmissions, and nothing is lost.
 *
 * <p>One to three streams see every packet: the second is another sensor on the way that sees the same frame, the third one
 * sees it behind a router (TTL, MAC addresses and VLAN differ), each {@value #DELAY_NANOS} ns after the one before. Every
 * stream is in its own order.
 */
public final class BenchmarkTraffic {

    static final String REALM = "default";
    static final int BATCH = 8_000;
    static final int TCP = ControlBits.PROTOCOL_TCP;
    static final int UDP = 17;
    static final int MOST_COPIES = 3;

    /** How packets fall on flows. */
    public enum Spread {
        /** The flow of rank r is drawn as often as 1/r says: few large flows, many small ones, as in networks. */
        ZIPF,
        /** All flows alike: the worst case for what profits from packets of one flow. */
        EVEN
    }

    private static final long SEED = 1;
    private static final int SERVERS = 1_000;
    private static final int SERVER_PORT = 443;
    private static final int TCP_HEADER_OCTETS = 40;
    private static final int UDP_HEADER_OCTETS = 28;
    private static final int MOST_PAYLOAD = 1_460;
    private static final int REQUEST_OCTETS = 200;
    private static final int WINDOW = 500;
    private static final int TTL = 64;
    private static final long LOCAL_MACS = 0x0200_0000_0000L;
    private static final long ROUTER_MAC = 0x0200_FFFF_FFFFL;
    private static final int DELAY_NANOS = 5_000;

    private final Spread spread;
    private final int flows;
    private final int protocol;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final HeaderBatchWriter[] streams;
    private final PacketHeader header = new PacketHeader();

    /** Per flow and direction: the sequence number that comes next. */
    private final int[] next;

    private long timeNanos;
    private long intervalNanos;
    private Consumer<HeaderBatch> out = batch -> {};

    /** TCP that one stream sees. */
    BenchmarkTraffic(Spread spread, int flows) {
        this(spread, flows, TCP, 1);
    }

    /** @param copies streams that see every packet, 1 to {@value #MOST_COPIES} */
    BenchmarkTraffic(Spread spread, int flows, int protocol, int copies) {
        this.spread = spread;
        this.flows = flows;
        this.protocol = protocol;
        this.streams = new HeaderBatchWriter[copies];
        for (int copy = 0; copy < copies; copy++) {
            streams[copy] =
                    new HeaderBatchWriter("capvm" + (copy + 1), "eth0", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
        }
        this.next = random.ints(2L * flows).toArray();
    }

    /** Of the stream that a batch is from. */
    static StreamName stream(HeaderBatch batch) {
        return new StreamName(batch.getSensorId(), batch.getInterfaceName());
    }

    /** The first packets of every flow, all within one second: TCP's handshake, then data both ways. */
    void open(long startNanos, Consumer<HeaderBatch> out) {
        int packetsPerFlow = protocol == TCP ? 5 : 2;
        begin(startNanos, (long) packetsPerFlow * flows, out);
        for (int flow = 0; flow < flows; flow++) {
            if (protocol == TCP) {
                send(flow, 0, 0, ControlBits.SYN);
                send(flow, 1, 0, ControlBits.SYN | ControlBits.ACK);
                send(flow, 0, 0, ControlBits.ACK);
            }
            send(flow, 0, REQUEST_OCTETS, ControlBits.ACK);
            send(flow, 1, MOST_PAYLOAD, ControlBits.ACK);
        }
        finish();
    }

    /** {@code packets} further packets, each seen by every stream, all within one second. */
    void continueFor(int packets, long startNanos, Consumer<HeaderBatch> out) {
        begin(startNanos, packets, out);
        for (int i = 0; i < packets; i++) {
            int flow = spread == Spread.EVEN ? random.nextInt(flows) : (int) Math.pow(flows, random.nextDouble()) - 1;
            send(flow, random.nextInt(2), random.nextInt(MOST_PAYLOAD + 1), ControlBits.ACK);
        }
        finish();
    }

    private void begin(long startNanos, long packets, Consumer<HeaderBatch> out) {
        this.out = out;
        timeNanos = startNanos;
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / packets;
    }

    /** @param direction 0: from the client */
    private void send(int flow, int direction, int payloadOctets, int controlBits) {
        address(flow, direction);
        header.octetsIp = header.octetsHeader + payloadOctets;
        if (protocol == TCP) {
            int own = 2 * flow + direction;
            header.tcpControlBits = controlBits;
            header.tcpSequence = next[own];
            header.tcpAcknowledgment = (controlBits & ControlBits.ACK) == 0 ? 0 : next[own ^ 1];
            header.tcpWindow = WINDOW;
            next[own] += payloadOctets + ((controlBits & ControlBits.SYN) == 0 ? 0 : 1);
        }
        for (int copy = 0; copy < streams.length; copy++) {
            header.timeNanos = timeNanos + (long) copy * DELAY_NANOS;
            if (copy == MOST_COPIES - 1) {
                route();
            }
            streams[copy].add(header);
            if (streams[copy].count() == BATCH) {
                finish(streams[copy]);
            }
        }
        timeNanos += intervalNanos;
    }

    private void address(int flow, int direction) {
        header.clear();
        header.family = PacketHeader.FAMILY_IPV4;
        header.etherType = 0x0800;
        header.protocol = protocol;
        header.ttl = TTL;
        header.vlanCount = 1;
        header.vlanStack = 10;
        header.octetsHeader = protocol == TCP ? TCP_HEADER_OCTETS : UDP_HEADER_OCTETS;
        boolean isReverse = direction != 0;
        long client = 0x0A00_0000L + flow / SERVERS;
        long server = 0x0AFF_0000L + flow % SERVERS;
        int clientPort = 32_768 + flow % 28_000;
        header.sourceLow = isReverse ? server : client;
        header.destinationLow = isReverse ? client : server;
        header.sourcePort = isReverse ? SERVER_PORT : clientPort;
        header.destinationPort = isReverse ? clientPort : SERVER_PORT;
        header.sourceMac = LOCAL_MACS + header.sourceLow;
        header.destinationMac = LOCAL_MACS + header.destinationLow;
    }

    /** What a router does to a frame. Both directions pass the same one, so that they still are each other's opposite. */
    private void route() {
        boolean isToServer = header.destinationPort == SERVER_PORT;
        header.ttl--;
        header.vlanStack = 20;
        header.sourceMac = isToServer ? ROUTER_MAC : header.sourceMac;
        header.destinationMac = isToServer ? header.destinationMac : ROUTER_MAC;
    }

    private void finish() {
        for (HeaderBatchWriter stream : streams) {
            if (stream.count() > 0) {
                finish(stream);
            }
        }
    }

    private void finish(HeaderBatchWriter stream) {
        try {
            out.accept(SingleObjectCodec.<HeaderBatch>of(HeaderBatch.getClassSchema())
                    .decode(stream.finish(timeNanos, false)));
        } catch (WireFormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
