package io.parallax.capture.doctor;

import io.parallax.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verdicts on what the brokers told. */
public final class BrokerFindings {

    private static final String LOG_APPEND_TIME = "LogAppendTime";

    private BrokerFindings() {}

    public static List<Finding> of(BrokerAnswer answer) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("broker", "", "answers; brokers are " + answer.brokers()));
        for (String topic : Topics.INPUTS) {
            findings.add(topic(topic, answer.timestampTypes().get(topic)));
        }
        return findings;
    }

    /** A broker that does not answer: nothing would be delivered. */
    public static Finding unreachable(String message) {
        return Finding.failed("broker", "", message, "look at --bootstrap-servers, the brokers and the way there");
    }

    private static Finding topic(String topic, @Nullable String timestampType) {
        if (timestampType == null) {
            return Finding.warning(
                    "topic", topic, "does not exist", "it is created at the first start, if that is allowed");
        }
        return timestampType.equals(LOG_APPEND_TIME)
                ? Finding.ok("topic", topic, "has message.timestamp.type LogAppendTime")
                : Finding.failed(
                        "topic",
                        topic,
                        "has message.timestamp.type " + timestampType
                                + ": records of a clock that is ahead are refused, old" + " ones deleted",
                        "kafka-configs.sh --alter --topic " + topic
                                + " --add-config message.timestamp.type=LogAppendTime");
    }
}
