package io.parallax.capture.doctor;

import java.util.ArrayList;
import java.util.List;

/** Verdicts on what the kernel counted while one interface was looked at. */
final class InterfaceFindings {

    private InterfaceFindings() {}

    /**
     * @param read frames that came through
     * @param dropped frames the kernel dropped
     * @param passed frames by the interface's own counters
     * @param isPromiscuous sysfs shows it so while we listen
     */
    static List<Finding> of(String name, long seconds, long read, long dropped, long passed, boolean isPromiscuous) {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                isPromiscuous
                        ? Finding.ok("promiscuous mode", name, "could be set")
                        : Finding.warning(
                                "promiscuous mode",
                                name,
                                "was asked for and the system does not show it",
                                "ip -d link show " + name + " tells (promiscuity)"));
        if (read == 0 && passed > 0) {
            findings.add(Finding.failed(
                    "frames",
                    name,
                    "none came through in " + seconds + " s although the interface counted " + passed,
                    "look at --filter: it may exclude everything"));
        } else if (read == 0) {
            findings.add(Finding.warning(
                    "frames",
                    name,
                    "none in " + seconds + " s",
                    "is it connected to the port group or mirror that is meant? Look for longer with --seconds"));
        }
        findings.add(
                dropped == 0
                        ? Finding.ok("kernel drops", name, "none")
                        : Finding.warning(
                                "kernel drops",
                                name,
                                dropped + " frames",
                                "raise --kernel-buffer, or give the VM a faster CPU"));
        return findings;
    }
}
