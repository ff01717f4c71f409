package io.parallax.signal;

import java.util.List;

/**
 * What a detector says of itself; docs/64-detectors.md is made of it.
 *
 * @param name of the detector, as in column {@code detector}
 * @param title what it finds, in a few words
 * @param techniques of MITRE ATT&amp;CK that its signals may bear; empty where it finds no attack
 * @param idea how it decides, with references
 * @param assumptions without which it is wrong
 * @param falseAlarms how often it is wrong by design: the bound and what it rests on
 * @param quietNanos an episode is over when nothing was reported for so long
 * @param mostOctets state a subject at most, octets
 * @param parameters what can be set
 */
public record Profile(
        String name,
        String title,
        List<String> techniques,
        String idea,
        String assumptions,
        String falseAlarms,
        long quietNanos,
        int mostOctets,
        List<Parameter> parameters) {}
