package io.parallax.wire;

import java.util.Arrays;

/**
 * What the next TCP header of a dictionary entry will say if its flow just goes on: writer and reader keep the same
 * prediction, and only the difference travels. In order, the sequence number's difference is 0.
 */
final class TcpPrediction {

    private static final int SYN_OR_FIN = 0x03;
    private static final int SYN = 0x02;
    private static final int FIN = 0x01;
    private static final int WIDTH = 3;

    private int[] numbers = new int[WIDTH * 1024];

    void clear(int entry) {
        if (numbers.length < (entry + 1) * WIDTH) {
            numbers = Arrays.copyOf(numbers, Math.max(numbers.length * 2, (entry + 1) * WIDTH));
        }
        Arrays.fill(numbers, entry * WIDTH, (entry + 1) * WIDTH, 0);
    }

    int sequence(int entry) {
        return numbers[entry * WIDTH];
    }

    int acknowledgment(int entry) {
        return numbers[entry * WIDTH + 1];
    }

    int window(int entry) {
        return numbers[entry * WIDTH + 2];
    }

    /** Takes over a header: the next sequence number is this one plus payload, SYN and FIN (RFC 9293, section 3.4). */
    void update(int entry, PacketHeader header) {
        int length = header.octetsIp - header.octetsHeader;
        if ((header.tcpControlBits & SYN_OR_FIN) != 0) {
            length += (header.tcpControlBits & SYN) >> 1;
            length += header.tcpControlBits & FIN;
        }
        numbers[entry * WIDTH] = header.tcpSequence + length;
        numbers[entry * WIDTH + 1] = header.tcpAcknowledgment;
        numbers[entry * WIDTH + 2] = header.tcpWindow;
    }
}
