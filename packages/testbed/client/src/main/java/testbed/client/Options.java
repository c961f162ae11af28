package testbed.client;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a command: {@code --name value} pairs, all of them known. */
final class Options {
    private static final List<String> KNOWN = Arrays.asList(
        "namesrv", "topic", "group", "count", "rate", "keys", "size", "duration", "timeout", "drain", "retries", "sendTimeout", "poll",
        "heartbeat", "reject", "selector");

    private final Map<String, String> values = new HashMap<>();

    Options(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i += 2) {
            String argument = arguments.get(i);
            String name = argument.startsWith("--") ? argument.substring(2) : "";
            if (!KNOWN.contains(name) || i + 1 == arguments.size()) {
                throw new IllegalArgumentException("expected --name value with a name of " + KNOWN + ", not " + argument);
            }
            values.put(name, arguments.get(i + 1));
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
