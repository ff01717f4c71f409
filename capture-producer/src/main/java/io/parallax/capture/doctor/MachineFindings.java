package io.parallax.capture.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Verdicts on the machine itself: its clock and its disk. */
public final class MachineFindings {

    /** As long as an outage of ten minutes at 20,000 packets/s needs at 9 octets a packet, ten times over. */
    private static final long ROOM_OCTETS = 1L << 30;

    private static final long ANSWER_SECONDS = 2;

    private MachineFindings() {}

    /** Whether the kernel says that somebody keeps its clock; systemd is asked, for the JDK can't. */
    public static Finding clock() {
        try {
            Process asked = new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                    .redirectErrorStream(true)
                    .start();
            if (!asked.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return clock("", Files.exists(Path.of("/run/systemd/timesync/synchronized")));
            }
            return clock(
                    new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip(),
                    Files.exists(Path.of("/run/systemd/timesync/synchronized")));
        } catch (IOException e) {
            return clock("", Files.exists(Path.of("/run/systemd/timesync/synchronized")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return clock("", false);
        }
    }

    /**
     * @param answer of timedatectl: yes, no, or anything else where it can't tell
     * @param isTimesyncDone systemd-timesyncd left word that it set the clock
     */
    static Finding clock(String answer, boolean isTimesyncDone) {
        if (answer.equals("yes") || isTimesyncDone) {
            return Finding.ok("clock", "", "it is kept by a time service");
        }
        return answer.equals("no")
                ? Finding.warning(
                        "clock",
                        "",
                        "no time service keeps it",
                        "install chrony; sensors whose clocks differ see packets before they were sent")
                : Finding.notKnown("clock", "", "this machine does not tell whether it is kept; chronyc tracking may");
    }

    /** @param folder of the spool; need not exist if one above it can be written */
    public static Finding spool(Path folder) {
        Path there = folder.toAbsolutePath();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return Finding.failed(
                    "spool",
                    folder.toString(),
                    there + " can't be written",
                    "give it to the user that captures, or set --spool-folder");
        }
        try {
            long room = Files.getFileStore(there).getUsableSpace();
            String what = "%d MiB are free".formatted(room >> 20);
            return room >= ROOM_OCTETS
                    ? Finding.ok("spool", folder.toString(), what)
                    : Finding.warning(
                            "spool",
                            folder.toString(),
                            what,
                            "an outage of the broker needs room; 1 GiB is a beginning");
        } catch (IOException e) {
            return Finding.notKnown("spool", folder.toString(), "how much is free can't be told: " + e);
        }
    }
}
