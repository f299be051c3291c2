package io.loss4j.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which backends the user asked for, in order, and where that was said. */
record Wish(List<String> names, boolean orAnyOther, String text, String source) {
    static final String PROPERTY = "loss4j.backend";
    static final String ENVIRONMENT = "LOSS4J_BACKEND";
    private static final String AUTO = "auto";

    /** Strongest first: code, system property, environment, {@code auto}. */
    static Wish current(@Nullable String fromCode) {
        if (fromCode != null) {
            return parse(fromCode, "code");
        }
        String property = System.getProperty(PROPERTY);
        if (property != null && !property.isBlank()) {
            return parse(property, "-D" + PROPERTY);
        }
        String environment = System.getenv(ENVIRONMENT);
        if (environment != null && !environment.isBlank()) {
            return parse(environment, ENVIRONMENT);
        }
        return parse(AUTO, "default");
    }

    private static Wish parse(String text, String source) {
        List<String> names = new ArrayList<>();
        boolean orAnyOther = false;
        for (String part : text.split(",")) {
            String name = part.trim().toLowerCase(Locale.ROOT);
            if (name.equals("*") || name.equals(AUTO)) {
                orAnyOther = true;
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return new Wish(List.copyOf(names), orAnyOther || names.isEmpty(), text, source);
    }

    /** Whether the cheapest offer decides and failures fall back, instead of the order of names alone. */
    boolean isAuto() {
        return names.isEmpty();
    }
}
