package io.parallax.capture.spool;

/** What the capture threads see of delivery: a place to leave records that never makes them wait. Thread-safe. */
public interface HandOff {

    /**
     * Leaves a record; returns at once.
     *
     * @param whenJournaled runs on the spool's thread once the record is on disk, and must neither wait nor throw
     * @return false if there is no room: the record was not taken and is the caller's to count
     */
    boolean offer(SpoolRecord record, Runnable whenJournaled);

    /** 0 (empty) to 1 (full): memory or disk, whichever is fuller. */
    double fill();
}
