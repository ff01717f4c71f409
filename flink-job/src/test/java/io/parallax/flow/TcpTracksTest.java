package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.TcpView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TcpTracksTest {

    private static final long SECOND = 1_000_000;
    private final TcpConversation talk = new TcpConversation();

    /** Trouble of a view: retransmitted, out of order, lost upstream, capture-lost octets, zero windows. */
    private static long[] trouble(TcpView view) {
        return new long[] {
            view.retransmittedPackets,
            view.outOfOrderPackets,
            view.lostUpstreamPackets,
            view.captureLostOctets,
            view.zeroWindowPackets
        };
    }

    @Test
    void theHandshakeIsSplitAtTheObservationPoint() {
        talk.handshake();
        assertThat(talk.ofServer().handshakeMicros).isEqualTo(300);
        assertThat(talk.ofClient().handshakeMicros).isEqualTo(200);
        assertThat(talk.ofClient().rttSamples).isZero();
    }

    @Test
    void theLastOfSeveralSynsIsTheOneThatWasAnswered() {
        talk.client(0, 0, 0, ControlBits.SYN).after(SECOND).client(0, 0, 0, ControlBits.SYN);
        talk.after(250).server(0, 0, 1, ControlBits.SYN | ControlBits.ACK);
        assertThat(talk.ofServer().handshakeMicros).isEqualTo(250);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(1);
        assertThat(talk.ofClient().retransmittedOctets).isZero();
    }

    @Test
    void synAndFinAreNoOctets() {
        talk.handshake().data(1, 100).client(101, 0, 1, TcpConversation.FIN_ACK);
        talk.server(1, 20, 102, TcpConversation.FIN_ACK);
        talk.client(102, 0, 22, ControlBits.ACK);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(100);
        assertThat(talk.ofServer().uniqueOctets).isEqualTo(20);
        assertThat(trouble(talk.ofClient())).containsOnly(0);
        assertThat(trouble(talk.ofServer())).containsOnly(0);
        assertThat(talk.history()).isEqualTo("ShADFdf");
    }

    @Test
    void whatWasSeenBeforeIsRetransmitted() {
        talk.handshake().data(1, 100).data(101, 100).after(SECOND).data(1, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(1, 0, 0, 0, 0);
        assertThat(talk.ofClient().retransmittedOctets).isEqualTo(100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(200);
        assertThat(talk.history()).isEqualTo("ShADT");
    }

    @Test
    void aFinSentTwiceIsRetransmitted() {
        talk.handshake().client(1, 10, 1, TcpConversation.FIN_ACK).after(SECOND);
        talk.client(1, 10, 1, TcpConversation.FIN_ACK).client(11, 0, 1, TcpConversation.FIN_ACK);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(2);
        assertThat(talk.ofClient().retransmittedOctets).isEqualTo(10);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(10);
    }

    @Test
    void aFinThatFillsItsHoleIsNoOctet() {
        talk.handshake().data(1, 10).client(31, 0, 1, ControlBits.ACK).client(11, 19, 1, TcpConversation.FIN_ACK);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(29);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 1, 0, 0, 0);
        assertThat(talk.tracks.holed()).isZero();
    }

    @Test
    void oldDataInFrontOfNewIsNoRetransmission() {
        talk.handshake().data(1, 100).data(51, 100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(150);
        assertThat(trouble(talk.ofClient())).containsOnly(0);
    }

    @Test
    void aSegmentThatComesSoonAfterItsHoleOpenedWasOvertaken() {
        talk.handshake().data(1, 100).data(201, 100).after(499).data(101, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 1, 0, 0, 0);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(300);
    }

    @Test
    void aSegmentThatComesARoundTripAfterItsHoleOpenedWasLostUpstream() {
        talk.handshake().data(1, 100).data(201, 100).after(500).data(301, 100).data(101, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 0, 1, 0, 0);
        assertThat(talk.ofClient().lostUpstreamOctets).isEqualTo(100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(400);
    }

    @Test
    void whatTheReceiverAskedForTwiceWasLostUpstream() {
        talk.handshake().data(1, 100).acknowledged(101).data(201, 100).acknowledged(101);
        talk.data(301, 100).acknowledged(101).after(10).data(101, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 0, 1, 0, 0);
    }

    @Test
    void withoutAHandshakeThreeMillisecondsAreSoon() {
        talk.data(1, 100).data(201, 100).data(401, 100).after(2_999).data(101, 100);
        talk.after(1).data(301, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 1, 1, 0, 0);
    }

    @Test
    void whatIsAcknowledgedAndNeverPassedTheCaptureLost() {
        talk.handshake()
                .data(1, 100)
                .data(201, 100)
                .after(1_000)
                .acknowledged(301)
                .acknowledged(401);
        assertThat(talk.ofServer().captureLostOctets).isEqualTo(100 + 100);
        talk.data(401, 100).acknowledged(501);
        assertThat(talk.ofServer().captureLostOctets).isEqualTo(200);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(300);
    }

    @Test
    void roundTripsGoOnAfterTheCaptureLostSomething() {
        talk.handshake().data(1, 100).data(201, 100).after(1_000).acknowledged(301);
        talk.data(301, 100).after(400).acknowledged(401);
        assertThat(talk.ofServer().rttMinMicros).isEqualTo(400);
    }

    @Test
    void whatComesAfterItsAcknowledgmentIsStillSeenForTheFirstTime() {
        talk.handshake()
                .after(1_000)
                .acknowledged(101)
                .after(SECOND)
                .data(1, 100)
                .data(1, 100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(100);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(2);
    }

    @Test
    void keepAlivesAreNeitherDataNorRetransmitted() {
        talk.handshake().data(1, 100).acknowledged(101).after(60 * SECOND);
        talk.data(100, 1).acknowledged(101).after(60 * SECOND).data(100, 0).acknowledged(101);
        assertThat(trouble(talk.ofClient())).containsOnly(0);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(100);
    }

    @Test
    void aResetSaysNothingOfSequence() {
        talk.handshake().data(1, 100).client(900, 0, 700, ControlBits.RST | ControlBits.ACK);
        assertThat(trouble(talk.ofClient())).containsOnly(0);
        talk.data(101, 10);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(110);
        assertThat(talk.history()).isEqualTo("ShADR");
    }

    @Test
    void everySegmentWithAClosedWindowCounts() {
        talk.handshake().data(1, 100);
        talk.server(1, 0, 101, ControlBits.ACK, 0)
                .server(1, 0, 101, ControlBits.ACK, 0)
                .acknowledged(101);
        assertThat(talk.ofServer().zeroWindowPackets).isEqualTo(2);
        assertThat(talk.history()).isEqualTo("ShADaw");
    }

    @Test
    void aRoundTripIsFromDataToItsAcknowledgment() {
        talk.handshake().data(1, 100).after(10).data(101, 100).after(300).acknowledged(101);
        talk.data(201, 100).after(500).acknowledged(301).data(301, 1).after(100).acknowledged(302);
        TcpView server = talk.ofServer();
        assertThat(server.rttSamples).isEqualTo(3);
        assertThat(server.rttSumMicros).isEqualTo(310 + 500 + 100);
        assertThat(server.rttMinMicros).isEqualTo(100);
        assertThat(server.rttMaxMicros).isEqualTo(500);
        assertThat(talk.ofClient().rttSamples).isZero();
    }

    @Test
    void whatWasSentTwiceGivesNoRoundTrip() {
        talk.handshake().data(1, 100).after(SECOND).data(1, 100).after(50).acknowledged(101);
        assertThat(talk.ofServer().rttSamples).isZero();
        talk.data(101, 100).after(400).acknowledged(201);
        assertThat(talk.ofServer().rttMaxMicros).isEqualTo(400);
    }

    @Test
    void sequenceNumbersWrap() {
        talk.clientStart = -150;
        talk.handshake()
                .data(1, 100)
                .data(201, 100)
                .data(101, 100)
                .acknowledged(301)
                .after(SECOND)
                .data(101, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(1, 1, 0, 0, 0);
        assertThat(talk.ofServer().captureLostOctets).isZero();
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(300);
        assertThat(talk.counts.coverStart(talk.clientCount)).isEqualTo(0xFFFF_FFFFL - 148);
        assertThat(talk.counts.coverEnd(talk.clientCount)).isEqualTo(151);
    }

    @Test
    void dataMayOvertakeTheSyn() {
        talk.data(1, 100).client(0, 0, 0, ControlBits.SYN).after(500).acknowledged(101);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(100);
        assertThat(trouble(talk.ofClient())).containsExactly(0, 1, 0, 0, 0);
    }

    @Test
    void inTheMiddleOfAConnectionTheFirstSegmentMayHaveOvertakenOthers() {
        talk.data(301, 100).data(101, 100).data(201, 100).data(201, 100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(300);
        assertThat(trouble(talk.ofClient())).containsExactly(1, 2, 0, 0, 0);
    }

    @Test
    void fiveMinutesOfSilenceEndAConnection() {
        talk.handshake()
                .data(1, 100)
                .after(299 * SECOND)
                .acknowledged(101)
                .after(299 * SECOND)
                .data(1, 100);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(1);
        talk.after(301 * SECOND).data(1, 100);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(1);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(200);
        assertThat(talk.history()).isEqualTo("D");
        assertThat(talk.ofClient().handshakeMicros).isEqualTo(TcpView.UNKNOWN);
    }

    @Test
    void fiveSecondsOfSilenceEndAClosedConnection() {
        talk.handshake().client(1, 0, 1, TcpConversation.FIN_ACK).server(1, 0, 2, TcpConversation.FIN_ACK);
        talk.after(4 * SECOND).server(1, 0, 2, TcpConversation.FIN_ACK);
        assertThat(talk.ofServer().retransmittedPackets).isEqualTo(1);
        talk.after(6 * SECOND).server(1, 0, 2, TcpConversation.FIN_ACK);
        assertThat(talk.ofServer().retransmittedPackets).isEqualTo(1);
        assertThat(talk.history()).isEqualTo("f");
    }

    @Test
    void aSynWithAnotherNumberStartsAnotherConnection() {
        talk.handshake().data(1, 100);
        talk.clientStart += 500_000;
        talk.serverStart += 700_000;
        talk.handshake().data(1, 100);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(200);
        assertThat(trouble(talk.ofClient())).containsOnly(0);
        assertThat(trouble(talk.ofServer())).containsOnly(0);
        assertThat(talk.history()).isEqualTo("ShAD");
    }

    @Test
    void moreThanFourHolesForgetTheLowest() {
        talk.handshake();
        for (int i = 0; i <= 5; i++) {
            talk.data(1 + 200 * i, 100);
        }
        assertThat(talk.tracks.forgottenHoles(talk.client)).isEqualTo(1);
        talk.data(101, 100).data(301, 100);
        assertThat(talk.ofClient().retransmittedPackets).isEqualTo(1);
        assertThat(talk.ofClient().outOfOrderPackets).isEqualTo(1);
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(700);
    }

    @Test
    void aSuccessorGoesOnWhereItsPredecessorIs() {
        talk.handshake().data(1, 100).data(201, 100);
        int client = talk.client;
        talk.client = talk.tracks.adopt(client);
        assertThat(talk.tracks.peer(talk.client)).isEqualTo(TcpTracks.NONE);
        talk.tracks.release(client);
        talk.tracks.pair(talk.client, talk.server);
        talk.data(101, 100).data(1, 100);
        assertThat(trouble(talk.ofClient())).containsExactly(1, 1, 0, 0, 0);
        assertThat(talk.ofClient().handshakeMicros).isEqualTo(200);
    }

    @Test
    void aReleasedTrackLeavesNothing() throws IOException {
        talk.handshake().data(1, 100).data(201, 100).data(1, 100);
        talk.tracks.release(talk.client);
        assertThat(talk.tracks.peer(talk.server)).isEqualTo(TcpTracks.NONE);
        talk.tracks.release(talk.server);
        talk.counts.release(talk.clientCount);
        talk.counts.release(talk.serverCount);
        assertThat(talk.tracks.size() + talk.tracks.holed() + talk.counts.size() + talk.counts.troubled())
                .isZero();
    }

    @Test
    void copiesAndWrittenOnesGoOnAlike() throws IOException {
        talk.handshake().data(1, 100).data(201, 100).data(1, 100);
        TcpConversation copy = new TcpConversation();
        copy.tracks = talk.tracks.copy();
        copy.counts = talk.counts.copy();
        TcpConversation again = new TcpConversation();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        talk.tracks.writeTo(new DataOutputStream(octets));
        talk.counts.writeTo(new DataOutputStream(octets));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets.toByteArray()));
        again.tracks = TcpTracks.readFrom(in);
        again.counts = TcpCounts.readFrom(in);
        assertThat(in.available()).isZero();
        talk.after(SECOND).data(1, 50);
        for (TcpConversation other : new TcpConversation[] {copy, again}) {
            assertThat(other.ofClient().retransmittedPackets).isEqualTo(1);
            other.after(700).data(101, 100);
            assertThat(trouble(other.ofClient())).containsExactly(1, 1, 0, 0, 0);
            assertThat(other.ofClient().uniqueOctets).isEqualTo(300);
            assertThat(other.history()).isEqualTo("ShADT");
        }
    }
}
