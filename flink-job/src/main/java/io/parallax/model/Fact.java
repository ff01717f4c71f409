package io.parallax.model;

/** Something that detectors hear of: what, when, and about whom. They hear facts of one subject in the order of time. */
public interface Fact {

    /** When it was so, nanoseconds since the epoch. */
    long time();

    /** Whom it is about: the key under which detectors keep what they know. */
    String subject();
}
