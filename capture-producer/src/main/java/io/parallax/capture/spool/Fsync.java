package io.parallax.capture.spool;

/** When the journal waits for the disk. The end of the process loses nothing under any of these; a power cut may. */
public enum Fsync {

    /** The system writes when it likes (Linux: within about 30 s): a power cut loses that much. */
    NEVER,

    /** At most {@link SpoolOptions#fsyncInterval} is lost in a power cut. */
    INTERVAL,

    /** Nothing is lost in a power cut; each record costs a disk flush. */
    EACH
}
