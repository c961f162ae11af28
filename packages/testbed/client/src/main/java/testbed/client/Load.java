package testbed.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends and receives at the same time, and says what a user of the cluster noticed meanwhile: sends that
 * failed, messages acknowledged but never received, messages received twice, the longest silence.
 */
final class Load {
    private final Options options;
    private final String run = "load-" + Long.toString(System.currentTimeMillis(), 36);
    private final Sender sender;
    private final Receiver receiver;
    private final Set<String> acknowledged = new TreeSet<>();
    private final long started = System.nanoTime();
    private long longestSendGapNanos;

    private Load(Options options) throws Exception {
        this.options = options;
        // As users have it, since it is their pauses that are measured.
        receiver = Receiver.start(options, options.text("group", run), run + "-", 30_000);
        sender = new Sender(options);
    }

    static Map<String, Object> run(Options options) throws Exception {
        return new Load(options).run();
    }

    private Map<String, Object> run() throws Exception {
        warmUp();
        CountDownLatch over = new CountDownLatch(1);
        daemon("stdin", () -> {
            while (System.in.read() != -1) {
                // only its end matters
            }
            over.countDown();
        });
        daemon("progress", () -> {
            while (!over.await(1, TimeUnit.SECONDS)) {
                Main.print(progress());
            }
        });
        produce(over);
        over.countDown();
        return summary();
    }

    /** Until the first message has gone all the way, the consumer has no queues: that is not the cluster's pause. */
    private void warmUp() throws Exception {
        int i = 0;
        do {
            send("warm" + i++);
            receiver.await(1, 1000);
        } while (receiver.received() == 0 && i < 60);
        if (receiver.received() == 0) {
            throw new IllegalStateException("no message came back within a minute");
        }
        receiver.watchGaps();
        Map<String, Object> line = progress();
        line.put("event", "ready");
        Main.print(line);
    }

    private void produce(CountDownLatch over) throws InterruptedException {
        int seconds = options.number("duration", 0);
        long end = seconds > 0 ? System.nanoTime() + seconds * 1_000_000_000L : Long.MAX_VALUE;
        Pace pace = new Pace(options.number("rate", 100));
        long last = System.nanoTime();
        for (long i = 0; over.getCount() > 0 && System.nanoTime() < end; i++) {
            pace.await();
            if (send(Long.toString(i))) {
                long now = System.nanoTime();
                longestSendGapNanos = Math.max(longestSendGapNanos, now - last);
                last = now;
            }
        }
        longestSendGapNanos = Math.max(longestSendGapNanos, System.nanoTime() - last);
    }

    private boolean send(String name) throws InterruptedException {
        String key = run + "-" + name;
        boolean ok = sender.send(key);
        if (ok) {
            acknowledged.add(key);
        }
        return ok;
    }

    private Map<String, Object> progress() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "progress");
        line.put("ms", (System.nanoTime() - started) / 1_000_000);
        line.put("sent", sender.sent());
        line.put("failed", sender.failed());
        line.put("received", receiver.received());
        return line;
    }

    private Map<String, Object> summary() throws InterruptedException {
        long drainEnd = System.nanoTime() + options.number("drain", 60) * 1_000_000_000L;
        List<String> missing = missing();
        while (!missing.isEmpty() && System.nanoTime() < drainEnd) {
            receiver.await(receiver.received() + 1, 200);
            missing = missing();
        }
        receiver.endGaps();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("event", "result");
        result.put("ok", sender.failed() == 0 && missing.isEmpty());
        sender.report(result);
        receiver.report(result);
        result.put("lost", missing.size());
        result.put("lostKeys", Main.some(missing));
        result.put("longestConsumeGapMs", receiver.longestGapMs());
        result.put("longestSendGapMs", longestSendGapNanos / 1_000_000);
        result.put("ms", (System.nanoTime() - started) / 1_000_000);
        receiver.close();
        sender.close();
        return result;
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(acknowledged);
        missing.removeAll(receiver.keys());
        return missing;
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(String name, Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                System.err.println(name + ": " + e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }
}
