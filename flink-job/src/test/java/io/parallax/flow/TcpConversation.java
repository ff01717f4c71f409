package io.parallax.flow;

import io.parallax.model.TcpView;
import java.util.concurrent.TimeUnit;

/** Two ends that talk past one observation point; time stands still but for {@link #wait}. */
final class TcpConversation {

    static final int FIN_ACK = ControlBits.FIN | ControlBits.ACK;

    TcpTracks tracks = new TcpTracks();
    TcpCounts counts = new TcpCounts();
    int client = tracks.add();
    int server = tracks.add();
    int clientCount = counts.add(0);
    int serverCount = counts.add(0);
    int clientStart = 1_000;
    int serverStart = 5_000;
    private long timeNanos = TimeUnit.SECONDS.toNanos(1_700_000_000);

    TcpConversation() {
        tracks.pair(client, server);
    }

    TcpConversation after(long micros) {
        timeNanos += TimeUnit.MICROSECONDS.toNanos(micros);
        return this;
    }

    /** The client sends, numbers relative to both initial ones. */
    TcpConversation client(int sequence, int octets, int acknowledgment, int bits) {
        tracks.observe(
                client,
                counts,
                clientCount,
                timeNanos,
                clientStart + sequence,
                serverStart + acknowledgment,
                1_000,
                octets,
                bits);
        return this;
    }

    TcpConversation server(int sequence, int octets, int acknowledgment, int bits) {
        return server(sequence, octets, acknowledgment, bits, 1_000);
    }

    TcpConversation server(int sequence, int octets, int acknowledgment, int bits, int window) {
        tracks.observe(
                server,
                counts,
                serverCount,
                timeNanos,
                serverStart + sequence,
                clientStart + acknowledgment,
                window,
                octets,
                bits);
        return this;
    }

    /** Opens with 300 us from here to the server and back, 200 us to the client and back. */
    TcpConversation handshake() {
        client(0, 0, 0, ControlBits.SYN);
        after(300).server(0, 0, 1, ControlBits.SYN | ControlBits.ACK);
        return after(200).client(1, 0, 1, ControlBits.ACK);
    }

    /** The client sends a segment, its first octet has number 1. */
    TcpConversation data(int sequence, int octets) {
        return client(sequence, octets, 1, ControlBits.ACK);
    }

    /** The server acknowledges. */
    TcpConversation acknowledged(int next) {
        return server(1, 0, next, ControlBits.ACK);
    }

    TcpView ofClient() {
        TcpView view = new TcpView();
        counts.view(clientCount, view);
        return view;
    }

    TcpView ofServer() {
        TcpView view = new TcpView();
        counts.view(serverCount, view);
        return view;
    }

    String history() {
        return TcpHistory.text(tracks.history(client), tracks.history(server));
    }
}
