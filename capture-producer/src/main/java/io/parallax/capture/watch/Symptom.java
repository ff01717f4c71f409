package io.parallax.capture.watch;

/**
 * What one look finds wrong; a {@link Problem} once it was found {@code looks} times in a row.
 *
 * @param looks 1 or more
 */
record Symptom(String name, String subject, String what, String remedy, int looks) {

    Symptom(String name, String subject, String what, String remedy) {
        this(name, subject, what, remedy, 1);
    }

    /** What makes two symptoms of successive looks the same one. */
    String identity() {
        return name + "@" + subject;
    }
}
