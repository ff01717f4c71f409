package io.parallax.capture.nic;

import java.util.regex.Pattern;

/** An interface's name, or a pattern of names: {@code *} is any run of characters, {@code ?} any one. */
record NamePattern(String text) {

    NamePattern {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an interface name or pattern is blank");
        }
    }

    boolean isName() {
        return text.indexOf('*') < 0 && text.indexOf('?') < 0;
    }

    boolean matches(String name) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.matches(regex.toString(), name);
    }
}
