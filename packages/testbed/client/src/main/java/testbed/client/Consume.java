package testbed.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Receives until so many different messages are there or the time is over. */
final class Consume {
    private Consume() {
    }

    static Map<String, Object> run(Options options) throws Exception {
        long from = System.nanoTime();
        Receiver receiver = Receiver.start(options, options.text("group"), options.text("keys", ""), 1000);
        boolean complete = receiver.await(options.number("count", 1), options.number("timeout", 30) * 1000L);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", complete);
        receiver.report(result);
        result.put("brokers", receiver.brokers());
        List<String> keys = new ArrayList<>(receiver.keys());
        keys.sort(null);
        result.put("keys", Main.some(keys));
        result.put("ms", (System.nanoTime() - from) / 1_000_000);
        // Writes the offsets back, so that the group goes on from here.
        receiver.close();
        return result;
    }
}
