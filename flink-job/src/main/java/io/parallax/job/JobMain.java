package io.parallax.job;

import io.parallax.io.JobTopics;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Runs the job: on the cluster it is submitted to, or in this JVM when started alone.
 *
 * <p>Exit code 0 when a bounded job has ended, 1 on failure, 2 on wrong options.
 */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Meter the packet headers in Kafka: flows and an east-west matrix, in topics and tables.")
public final class JobMain implements Callable<Integer> {

    @Mixin
    private final JobOptions options = new JobOptions();

    public static void main(String[] arguments) {
        int exitCode = new CommandLine(new JobMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    @Override
    public Integer call() throws Exception {
        try {
            options.validate();
            JobTopics.ensure(options.bootstrapServers, options.topicPartitions, options.topicReplication);
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (JobTopics.BrokerException e) {
            System.err.println("error: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        ParallaxJob.build(environment, options);
        environment.execute();
        return CommandLine.ExitCode.OK;
    }
}
