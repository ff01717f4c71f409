package io.parallax.capture.spool;

/** Hears of what a person should know; called once per change, from whichever thread notices. */
public interface SpoolListener {

    /** The journal's end was torn by a crash, and is cut off behind its last whole record. */
    void truncated(String file, long octets, String why);

    /** Octets of the journal cannot be read; what lay in them is lost and appears to readers as a gap. */
    void skipped(String file, long octets, String why);

    /** The disk does not take or give octets. Records wait in memory until it does, further ones are refused. */
    void diskFailed(String why);

    /** The disk works again. */
    void diskWorks();
}
