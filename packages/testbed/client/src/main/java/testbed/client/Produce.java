package testbed.client;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sends a number of messages, or for a time, or both, whichever ends first. Keys are PREFIX-0, PREFIX-1, ... */
final class Produce {
    private Produce() {
    }

    static Map<String, Object> run(Options options) throws Exception {
        int seconds = options.number("duration", 0);
        int count = options.number("count", seconds > 0 ? Integer.MAX_VALUE : 1);
        String keys = options.text("keys", "test");
        Pace pace = new Pace(options.number("rate", 0));
        Sender sender = new Sender(options);
        long from = System.nanoTime();
        long end = seconds > 0 ? from + seconds * 1_000_000_000L : Long.MAX_VALUE;
        for (int i = 0; i < count && System.nanoTime() < end; i++) {
            pace.await();
            sender.send(keys + "-" + i);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", sender.failed() == 0 && sender.sent() > 0);
        sender.report(result);
        result.put("ms", (System.nanoTime() - from) / 1_000_000);
        sender.close();
        return result;
    }
}
