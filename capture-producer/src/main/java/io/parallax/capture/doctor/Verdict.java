package io.parallax.capture.doctor;

/** What a check came to. */
public enum Verdict {
    OK("ok"),
    /** Nothing in the evidence tells; neither good nor bad. */
    NOT_KNOWN("not known"),
    /** It captures, and the results may not be what is expected. */
    WARNING("warning"),
    /** It does not capture, or does not deliver. */
    FAILED("failed");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
