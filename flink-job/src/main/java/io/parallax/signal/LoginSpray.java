package io.parallax.signal;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Logins of a host at one service of all others; how many others by linear counting (Whang et al., TODS 1990). */
final class LoginSpray {

    private static final int BITS = 64;

    /** Knuth's multiplier spreads what a string's hash leaves together. */
    private static final int SPREAD = 0x9E37_79B9;

    private static final int HIGHEST_SIX = 26;

    final int port;
    LoginWalk walk = new LoginWalk();
    String firstFlow = "";
    private long targets;

    LoginSpray(int port) {
        this.port = port;
    }

    void fail(String target) {
        if (walk.failures == 0) {
            targets = 0;
        }
        targets |= 1L << ((target.hashCode() * SPREAD) >>> HIGHEST_SIX);
    }

    /** About so many hosts were tried. */
    long targets() {
        int empty = Math.max(1, BITS - Long.bitCount(targets));
        return Math.round(-BITS * Math.log((double) empty / BITS));
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeShort(port);
        walk.writeTo(out);
        out.writeUTF(firstFlow);
        out.writeLong(targets);
    }

    static LoginSpray read(DataInput in) throws IOException {
        LoginSpray spray = new LoginSpray(in.readUnsignedShort());
        spray.walk = LoginWalk.read(in);
        spray.firstFlow = in.readUTF();
        spray.targets = in.readLong();
        return spray;
    }
}
