package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Logins of a host at one service of another. */
final class LoginEdge {

    static final long NONE = Long.MIN_VALUE;

    /** The usual length of a window: what began earlier has had one before, even if nothing is remembered of it. */
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MOST_TRIES = Short.MAX_VALUE;

    final String peer;
    final int port;
    LoginWalk walk = new LoginWalk();
    String firstFlow = "";

    /** Logins in vain since it is known, whether or not they wore off. */
    private int tries;

    /** Beginning of the newest flow in the newest window, and of the newest before that window: told apart by it. */
    private long window = NONE;

    private long newest = NONE;
    private long newestBefore = NONE;

    /** When guessing was last found; a session is looked for after it. */
    long guessed = NONE;

    long sinceGuessed = NONE;
    long guesses;

    /** Of the guessing: natural logarithm of the likelihood ratio, and who guessed. */
    double evidence;

    String entity = "";

    /** Of the service: what a login in vain receives at most, octets. */
    int mostOctets;

    /** The session after it: when it began, when it was heard of, how much the server sent; {@link #NONE}: none. */
    long sessionStart = NONE;

    long sessionHeard = NONE;
    long sessionOctets;
    String sessionFlow = "";

    LoginEdge(String peer, int port) {
        this.peer = peer;
        this.port = port;
    }

    /** Whether the flow began in this window; what later windows and revisions say of it is no other login. */
    boolean isNew(FlowFact volume) {
        if (volume.time() > window) {
            newestBefore = newest;
            window = volume.time();
        }
        newest = Math.max(newest, volume.flowStart());
        return volume.flowStart() > newestBefore && volume.time() - volume.flowStart() <= WINDOW_NANOS;
    }

    /** How many logins were in vain, with this one. */
    int tryAgain() {
        tries = Math.min(MOST_TRIES, tries + 1);
        return tries;
    }

    void forgetSession() {
        sessionStart = NONE;
        sessionHeard = NONE;
        sessionOctets = 0;
        sessionFlow = "";
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(peer);
        out.writeShort(port);
        walk.writeTo(out);
        out.writeUTF(firstFlow);
        out.writeShort(tries);
        out.writeLong(window);
        out.writeLong(newest);
        out.writeLong(newestBefore);
        out.writeBoolean(guessed != NONE);
        if (guessed != NONE) {
            out.writeLong(guessed);
            out.writeLong(sinceGuessed);
            out.writeLong(guesses);
            out.writeDouble(evidence);
            out.writeUTF(entity);
            out.writeInt(mostOctets);
            out.writeLong(sessionStart);
            out.writeLong(sessionHeard);
            out.writeLong(sessionOctets);
            out.writeUTF(sessionFlow);
        }
    }

    static LoginEdge read(DataInput in) throws IOException {
        LoginEdge edge = new LoginEdge(in.readUTF(), in.readUnsignedShort());
        edge.walk = LoginWalk.read(in);
        edge.firstFlow = in.readUTF();
        edge.tries = in.readShort();
        edge.window = in.readLong();
        edge.newest = in.readLong();
        edge.newestBefore = in.readLong();
        if (in.readBoolean()) {
            edge.guessed = in.readLong();
            edge.sinceGuessed = in.readLong();
            edge.guesses = in.readLong();
            edge.evidence = in.readDouble();
            edge.entity = in.readUTF();
            edge.mostOctets = in.readInt();
            edge.sessionStart = in.readLong();
            edge.sessionHeard = in.readLong();
            edge.sessionOctets = in.readLong();
            edge.sessionFlow = in.readUTF();
        }
        return edge;
    }
}
