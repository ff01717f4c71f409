package io.parallax.signal;

import java.util.HashMap;
import java.util.Map;

/**
 * Microsoft Sentinel's query "Palo Alto - potential beaconing detected" (Azure-Sentinel, CommonSecurityLog), written anew:
 * in an hour, of more than 30 intervals longer than 25 s, more than 80 % last the same number of seconds. The query also
 * drops private destinations.
 */
final class SentinelRule {

    private static final int LEAST_SECONDS = 25;
    private static final int LEAST_INTERVALS = 30;
    private static final double LEAST_SHARE = 0.8;

    private SentinelRule() {}

    static boolean fires(long[] millis) {
        Map<Long, Map<Long, Integer>> hours = new HashMap<>();
        for (int i = 0; i + 1 < millis.length; i++) {
            long seconds = millis[i + 1] / 1_000 - millis[i] / 1_000;
            if (seconds > LEAST_SECONDS) {
                hours.computeIfAbsent(millis[i] / 3_600_000, hour -> new HashMap<>())
                        .merge(seconds, 1, Integer::sum);
            }
        }
        return hours.values().stream().anyMatch(SentinelRule::isBeacon);
    }

    private static boolean isBeacon(Map<Long, Integer> intervals) {
        int all = intervals.values().stream().mapToInt(Integer::intValue).sum();
        int most = intervals.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return all > LEAST_INTERVALS && most > LEAST_SHARE * all;
    }
}
