package testbed.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.store.ReadOffsetType;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.consumer.DefaultMQPushConsumerImpl;
import org.apache.rocketmq.client.impl.consumer.ProcessQueue;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** A consumer group of one that remembers the keys it got. A new group reads the topic from its beginning. */
final class Receiver {
    private static final int START_TRIES = 5;

    private final DefaultMQPushConsumer consumer;
    private final String prefix;
    private final Map<String, Integer> times = new HashMap<>();
    private final Map<String, Long> brokers = new TreeMap<>();
    private long duplicates;
    private long lastNanos;
    private long longestGapNanos;
    private boolean watchingGaps;

    /** A consumer reads the route when it starts, and gives up if that fails once, as it may on a busy machine. */
    static Receiver start(Options options, String group, String prefix, int heartbeatMs) throws Exception {
        for (int tries = 1;; tries++) {
            try {
                return new Receiver(options, group, prefix, heartbeatMs);
            } catch (IllegalStateException e) {
                if (tries == START_TRIES) {
                    throw e;
                }
                Thread.sleep(2000);
            }
        }
    }

    /**
     * @param prefix only keys that begin so are looked at; others, of earlier runs, are taken and forgotten
     * @param heartbeatMs how often the consumer tells brokers what it subscribes to. The client has a race: two
     *     heartbeats at once after a rebalance, of which the newer one is dropped, and the broker refuses pulls
     *     ("subscription not latest") until the next one. RocketMQ's default of 30 s makes that a pause of 30 s.
     */
    private Receiver(Options options, String group, String prefix, int heartbeatMs) throws MQClientException {
        this.prefix = prefix;
        consumer = new DefaultMQPushConsumer(group);
        consumer.setNamesrvAddr(options.text("namesrv"));
        consumer.setInstanceName("consumer-" + ProcessHandle.current().pid());
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        consumer.setPollNameServerInterval(options.number("poll", consumer.getPollNameServerInterval()));
        consumer.setHeartbeatBrokerInterval(options.number("heartbeat", heartbeatMs));
        // What was handed to us is to be written off before the group closes, or it would come again.
        consumer.setAwaitTerminationMillisWhenShutdown(2000);
        boolean reject = options.number("reject", 0) != 0;
        if (reject) {
            // The first failure is the last: a dead letter.
            consumer.setMaxReconsumeTimes(0);
        }
        consumer.subscribe(options.text("topic"), "*");
        consumer.registerMessageListener((MessageListenerConcurrently) (messages, context) -> {
            messages.forEach(this::take);
            return reject ? ConsumeConcurrentlyStatus.RECONSUME_LATER : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        });
        consumer.start();
    }

    private synchronized void take(MessageExt message) {
        String key = message.getKeys();
        if (key == null || !key.startsWith(prefix)) {
            return;
        }
        if (times.merge(key, 1, Integer::sum) > 1) {
            duplicates++;
            return; // not progress
        }
        brokers.merge(message.getBrokerName(), 1L, Long::sum);
        noteGap();
        lastNanos = System.nanoTime();
        notifyAll();
    }

    private void noteGap() {
        if (watchingGaps && lastNanos != 0) {
            longestGapNanos = Math.max(longestGapNanos, System.nanoTime() - lastNanos);
        }
    }

    /** From now on the longest time between two messages counts, the time until the first one included. */
    synchronized void watchGaps() {
        watchingGaps = true;
        lastNanos = System.nanoTime();
    }

    /** The silence that lasts until now counts, too: a consumer that never came back has a gap as well. */
    synchronized void endGaps() {
        noteGap();
        watchingGaps = false;
    }

    /** Waits until so many different keys are there; whether they are. */
    synchronized boolean await(long count, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (times.size() < count) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    synchronized long received() {
        return times.size();
    }

    synchronized Set<String> keys() {
        return new HashSet<>(times.keySet());
    }

    synchronized void report(Map<String, Object> result) {
        result.put("received", times.size());
        result.put("duplicates", duplicates);
    }

    synchronized Map<String, Long> brokers() {
        return new TreeMap<>(brokers);
    }

    synchronized long longestGapMs() {
        return longestGapNanos / 1_000_000;
    }

    /**
     * Ends the group's part with its offsets on the brokers: a consumer that shuts down sends them without waiting
     * for an answer, and closes the connection.
     */
    void close() throws InterruptedException {
        DefaultMQPushConsumerImpl client = consumer.getDefaultMQPushConsumerImpl();
        Map<MessageQueue, ProcessQueue> queues = client.getRebalanceImpl().getProcessQueueTable();
        for (int i = 0; i < 20 && queues.values().stream().anyMatch(queue -> queue.getMsgCount().get() > 0); i++) {
            Thread.sleep(100);
        }
        for (MessageQueue queue : queues.keySet()) {
            long offset = client.getOffsetStore().readOffset(queue, ReadOffsetType.READ_FROM_MEMORY);
            try {
                if (offset >= 0) {
                    client.getOffsetStore().updateConsumeOffsetToBroker(queue, offset, false);
                }
            } catch (Exception away) {
                // Its broker does not answer; the shutdown tries once more.
            }
        }
        consumer.shutdown();
    }
}
