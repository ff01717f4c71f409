package io.parallax.capture.spool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a journal told. */
final class Heard implements SpoolListener {

    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void truncated(String file, long octets, String why) {
        lines.add("truncated " + file + " by " + octets);
    }

    @Override
    public void skipped(String file, long octets, String why) {
        lines.add("skipped " + octets + " in " + file);
    }

    @Override
    public void diskFailed(String why) {
        lines.add("failed " + why);
    }

    @Override
    public void diskWorks() {
        lines.add("works");
    }
}
