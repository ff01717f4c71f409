package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parallax.wire.WireFormatException.Reason;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packets that ICMP errors quote, on their way through a batch. */
final class QuotationTest {

    private static final int HEADERS = 6;

    /** Header 1, UDP, 10.0.0.1:53000 to 10.0.0.2:53. */
    private static final String UDP_IN_HEADER_1 = "01 04 11 0a000001 0a000002 cf08 0035";

    private final HeaderBatchReader reader = new HeaderBatchReader();

    @Provide
    Arbitrary<List<PacketHeader>> headers() {
        return AnyHeaders.lists();
    }

    @Property
    void aQuotedPacketIsAHeaderOfItsFlowWhereAndWhenTheErrorWasSeen(@ForAll("headers") List<PacketHeader> headers)
            throws Exception {
        reader.open(encode(headers));
        List<PacketHeader> errors = headers.stream()
                .filter(header -> header.quotedFamily != PacketHeader.FAMILY_NONE)
                .toList();
        assertThat(reader.quotationCount()).isEqualTo(errors.size());
        PacketHeader quoted = new PacketHeader();
        PacketHeader varying = new PacketHeader();
        int read = 0;
        for (int i = 0; i < errors.size(); i++) {
            assertThat(headers.get(reader.quotationIndex(i))).isSameAs(errors.get(i));
            for (; read <= reader.quotationIndex(i); read++) {
                reader.nextInPlace(varying);
            }
            reader.quotation(i, quoted);
            assertThat(HeaderText.of(quoted)).isEqualTo(HeaderText.of(expected(errors.get(i))));
            assertThat(quoted.quotedBy).isEqualTo(IcmpError.quotedBy(errors.get(i)));
        }
    }

    /** From the fields of the error, not by the code under test. */
    private static PacketHeader expected(PacketHeader error) {
        PacketHeader packet = new PacketHeader();
        packet.copyFrom(error);
        packet.clearNetwork();
        packet.mirrorSequence = PacketHeader.NO_SEQUENCE;
        packet.family = error.quotedFamily;
        packet.sourceHigh = error.quotedSourceHigh;
        packet.sourceLow = error.quotedSourceLow;
        packet.destinationHigh = error.quotedDestinationHigh;
        packet.destinationLow = error.quotedDestinationLow;
        packet.protocol = error.quotedProtocol;
        packet.sourcePort = error.quotedSourcePort;
        packet.destinationPort = error.quotedDestinationPort;
        return packet;
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 3, 3, 0x00303", "4, 1, 11, 0, 0x00b00", "6, 58, 1, 4, 0x10104", "6, 58, 2, 0, 0x10200"})
    void aQuotedPacketSaysWhichErrorQuotesIt(int family, int protocol, int type, int code, String expected)
            throws Exception {
        PacketHeader error = AnyHeaders.quoting(AnyHeaders.header(new Random(1)), new Random(1));
        error.family = family;
        error.quotedFamily = family;
        error.protocol = protocol;
        error.sourcePort = type;
        error.icmpCode = code;
        reader.open(encode(List.of(error)));
        PacketHeader quoted = new PacketHeader();
        reader.nextInPlace(quoted);
        reader.quotation(0, quoted);
        assertThat(quoted.quotedBy).isEqualTo(Integer.decode(expected));
    }

    @Test
    void aHeaderOfAnotherPacketIsReadOverAQuotedOneAndKeepsNothingOfIt() throws Exception {
        PacketHeader error = AnyHeaders.quoting(AnyHeaders.header(new Random(1)), new Random(1));
        PacketHeader plain = AnyHeaders.header(new Random(2));
        reader.open(encode(List.of(error, plain)));
        PacketHeader header = new PacketHeader();
        reader.next(header);
        assertThat(header.quotedFamily).isNotZero();
        reader.quotation(0, header);
        reader.next(header);
        assertThat(header.quotedFamily).isZero();
        assertThat(header.quotedBy).isZero();
        assertThat(HeaderText.of(header)).isEqualTo(HeaderText.of(plain));
    }

    @Test
    void trafficWithoutErrorsPaysNothingForThem() throws Exception {
        HeaderBatch batch = codec().decode(encode(new Traffic(1).headers(100)));
        assertThat(batch.getQuotations().remaining()).isZero();
    }

    @Test
    void theColumnIsWhatTheDocumentDraws() throws Exception {
        List<PacketHeader> headers = new Traffic(1).headers(HEADERS);
        for (int index : new int[] {1, 2, 5}) {
            PacketHeader error = headers.get(index);
            AnyHeaders.quoting(error, new Random(1));
            error.quotedProtocol = 17;
            error.quotedSourceHigh = 0;
            error.quotedSourceLow = 0x0A00_0001L;
            error.quotedDestinationHigh = 0;
            error.quotedDestinationLow = 0x0A00_0002L;
            error.quotedSourcePort = 53_000;
            error.quotedDestinationPort = 53;
            error.family = index == 5 ? 6 : 4;
            error.quotedFamily = error.family;
            error.protocol = index == 5 ? 58 : 1;
            error.sourcePort = 3;
        }
        ByteBuffer column = codec().decode(encode(headers)).getQuotations();
        assertThat(column)
                .isEqualTo(octets(UDP_IN_HEADER_1 + "00 04 11 0a000001 0a000002 cf08 0035"
                        + "02 06 11 0000000000000000000000000a000001 0000000000000000000000000a000002 cf08 0035"));
    }

    @Test
    void onlyAnErrorCanQuoteAPacket() {
        PacketHeader datagram = new Traffic(1).headers(1).get(0);
        datagram.quotedFamily = datagram.family;
        HeaderBatchWriter writer = writer();
        assertThatThrownBy(() -> writer.add(datagram))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("protocol 6")
                .hasMessageContaining("quotes a packet of family 4");
        assertThat(writer.count()).isZero();
    }

    @Test
    void aQuotationIsTakenWhileItsHeaderIsTheOneReadLast() throws Exception {
        List<PacketHeader> headers = new Traffic(1).headers(HEADERS);
        AnyHeaders.quoting(headers.get(1), new Random(1));
        reader.open(encode(headers));
        PacketHeader header = new PacketHeader();
        reader.next(header);
        assertThatThrownBy(() -> reader.quotation(0, header))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("quotation 0 stands in header 1, read last was 0");
    }

    @ParameterizedTest
    @CsvSource({
        "06, a header behind the last",
        "ffffffffffffffffff01, a header behind the last",
        "01 05, address family 5",
        "01 00, address family 0",
        "01 04 11 0a000001 0a000002 cf08 00, ends early",
        "01 06 11 0a000001 0a000002 cf08 0035, ends early",
        UDP_IN_HEADER_1 + " 04 04 11 0a000001 0a000002 cf08 0035, a header behind the last",
        UDP_IN_HEADER_1 + " 00, ends early",
    })
    void aColumnThatCannotBeIsRefusedAtOnce(String hex, String explanation) throws Exception {
        HeaderBatch batch = errorInHeader1(hex, 3);
        WireFormatException refused = catchThrowableOfType(WireFormatException.class, () -> reader.open(batch));
        assertThat(refused).hasMessageContaining(explanation);
        assertThat(refused.reason()).isEqualTo(Reason.INCONSISTENT_COLUMNS);
    }

    @ParameterizedTest
    @CsvSource({"00 04 11 0a000001 0a000002 cf08 0035", "01 06 11 " + ADDRESSES_6 + " cf08 0035"})
    void aQuotationInAHeaderThatIsNoErrorOfItsFamilyIsRefusedWhenReached(String hex) throws Exception {
        reader.open(errorInHeader1(hex, 3));
        PacketHeader header = new PacketHeader();
        WireFormatException refused = catchThrowableOfType(WireFormatException.class, () -> {
            while (reader.next(header)) {
                assertThat(header.quotedFamily).isZero();
            }
        });
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INCONSISTENT_COLUMNS);
    }

    private static final String ADDRESSES_6 = "0000000000000000000000000a000001 0000000000000000000000000a000002";

    @Test
    void aBatchOfAnEarlierVersionHasNoQuotations() throws Exception {
        assertThatThrownBy(() -> reader.open(errorInHeader1(UDP_IN_HEADER_1, 2)))
                .isInstanceOf(WireFormatException.class)
                .hasMessage("quotations in columns version 2");
        reader.open(errorInHeader1("", 2));
        assertThat(reader.quotationCount()).isZero();
    }

    @Property
    void anyOctetsInTheColumnAreRefusedOrReadButNeverThrowAnythingElse(@ForAll @Size(max = 60) byte[] column)
            throws Exception {
        HeaderBatch batch = errorInHeader1("", 3);
        batch.setQuotations(ByteBuffer.wrap(column));
        batch.setCrc32c(new HeaderBatchChecksum().of(batch));
        PacketHeader header = new PacketHeader();
        int read = 0;
        try {
            reader.open(batch);
            while (reader.next(header)) {
                read++;
            }
            assertThat(read).isEqualTo(HEADERS);
        } catch (WireFormatException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.INCONSISTENT_COLUMNS);
        }
    }

    /** A batch of six headers, the second an ICMP error, with that column under a good checksum. */
    private static HeaderBatch errorInHeader1(String column, int version) throws WireFormatException {
        List<PacketHeader> headers = new Traffic(1).headers(HEADERS);
        PacketHeader error = AnyHeaders.quoting(headers.get(1), new Random(1));
        error.family = PacketHeader.FAMILY_IPV4;
        error.protocol = 1;
        error.sourcePort = 3;
        error.quotedFamily = PacketHeader.FAMILY_NONE;
        HeaderBatch batch = codec().decode(encode(headers));
        batch.setColumnsVersion(version);
        batch.setQuotations(octets(column));
        batch.setCrc32c(new HeaderBatchChecksum().of(batch));
        return batch;
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static byte[] encode(List<PacketHeader> headers) {
        HeaderBatchWriter writer = writer();
        headers.forEach(writer::add);
        return writer.finish(0, false);
    }

    private static HeaderBatchWriter writer() {
        return new HeaderBatchWriter("capture-1", "eth1", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    }

    private static SingleObjectCodec<HeaderBatch> codec() {
        return SingleObjectCodec.of(HeaderBatch.getClassSchema());
    }
}
