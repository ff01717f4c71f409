package io.parallax.signal;

import java.util.List;
import java.util.Map;

/**
 * What a detector has to say of a subject at a time.
 *
 * @param key tells it from other findings of the same detector about the same subject: a service, a peer; may be empty
 * @param realm routing domain of the entities
 * @param entity who is to be looked at: a virtual machine's name, or the address where none is known
 * @param peer whom it concerns besides; empty: several, or nobody
 * @param technique of MITRE ATT&amp;CK; empty where it is no attack
 * @param since first evidence, nanoseconds since the epoch
 * @param at the fact that shows it, nanoseconds since the epoch
 * @param statistic what was measured
 * @param threshold what it was compared with
 * @param evidence natural logarithm of how much likelier the facts are under an anomaly than without: of a likelihood
 *     ratio, or of 1/p
 * @param severity how bad it is if true
 * @param baseline what is usual for the subject, by name; in the order of their names
 * @param flowIds a few flows to look at, at most {@value #MOST_FLOWS}
 * @param sentence why, in one sentence made only of these figures
 */
public record Finding(
        String key,
        String realm,
        String entity,
        String peer,
        String technique,
        long since,
        long at,
        double statistic,
        double threshold,
        double evidence,
        Severity severity,
        Map<String, Double> baseline,
        List<String> flowIds,
        String sentence) {

    public static final int MOST_FLOWS = 8;
}
