package io.parallax.capture.cli;

import io.parallax.capture.source.FileFrameSource;

/** What a user is told. */
final class Messages {

    private Messages() {}

    static String of(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    static String cutOff(FileFrameSource source) {
        return source.file().path() + " ends inside a record: " + source.frames() + " frames read, "
                + source.unreadOctets() + " octets at the end unread";
    }
}
