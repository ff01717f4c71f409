package io.parallax.capture.doctor;

/**
 * One check and what came of it.
 *
 * @param check what was looked at, such as {@code snap length}
 * @param subject interface, capture file, topic or the like; empty for the machine as a whole
 * @param what was found, with figures
 * @param remedy what to do; empty where nothing is to be done
 */
public record Finding(String check, String subject, Verdict verdict, String what, String remedy) {

    static Finding ok(String check, String subject, String what) {
        return new Finding(check, subject, Verdict.OK, what, "");
    }

    static Finding notKnown(String check, String subject, String what) {
        return new Finding(check, subject, Verdict.NOT_KNOWN, what, "");
    }

    static Finding warning(String check, String subject, String what, String remedy) {
        return new Finding(check, subject, Verdict.WARNING, what, remedy);
    }

    static Finding failed(String check, String subject, String what, String remedy) {
        return new Finding(check, subject, Verdict.FAILED, what, remedy);
    }

    /** The line a user reads. */
    public String line() {
        return "%-9s  %s%s: %s%s"
                .formatted(
                        verdict.label(),
                        subject.isEmpty() ? "" : subject + ": ",
                        check,
                        what,
                        remedy.isEmpty() ? "" : "; " + remedy);
    }
}
