package testbed.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;

/** A producer that sends one message after the other and counts how each send ended. */
final class Sender {
    private final DefaultMQProducer producer;
    private final String topic;
    private final int size;
    // As those do who send in order: the client then tries no other queue.
    private final boolean selects;
    private final Map<String, Long> brokers = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    // Written by the sending thread alone, read by the one that reports progress.
    private volatile long sent;
    private volatile long failed;
    private long slowestMs;

    Sender(Options options) throws MQClientException {
        topic = options.text("topic");
        size = options.number("size", 100);
        selects = options.number("selector", 0) == 1;
        producer = new DefaultMQProducer("testbed-producer");
        producer.setNamesrvAddr(options.text("namesrv"));
        producer.setInstanceName("producer-" + ProcessHandle.current().pid());
        // RocketMQ's own default is 2, too.
        producer.setRetryTimesWhenSendFailed(options.number("retries", 2));
        producer.setSendMsgTimeout(options.number("sendTimeout", producer.getSendMsgTimeout()));
        producer.setRetryAnotherBrokerWhenNotStoreOK(true);
        producer.setPollNameServerInterval(options.number("poll", producer.getPollNameServerInterval()));
        producer.start();
    }

    /** Sends until it is acknowledged or the client's retries are used up; whether it was acknowledged. */
    boolean send(String key) throws InterruptedException {
        StringBuilder body = new StringBuilder(key);
        while (body.length() < size) {
            body.append('.');
        }
        Message message = new Message(topic, "test", key, body.toString().getBytes(StandardCharsets.UTF_8));
        long from = System.nanoTime();
        try {
            SendResult result = selects ? producer.send(message, Sender::queueOf, sent + failed) : producer.send(message);
            // Any other status says that a copy or a flush that was asked for did not happen.
            if (result.getSendStatus() == SendStatus.SEND_OK) {
                sent++;
                brokers.merge(result.getMessageQueue().getBrokerName(), 1L, Long::sum);
                return true;
            }
            count(result.getSendStatus().name());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            count(describe(e));
        } finally {
            slowestMs = Math.max(slowestMs, (System.nanoTime() - from) / 1_000_000);
        }
        failed++;
        return false;
    }

    private static MessageQueue queueOf(List<MessageQueue> queues, Message message, Object number) {
        return queues.get((int) ((Long) number % queues.size()));
    }

    private void count(String error) {
        errors.merge(error, 1L, Long::sum);
    }

    /** Short enough to be counted by: an exception of the client repeats addresses and times. */
    static String describe(Throwable e) {
        if (e instanceof MQBrokerException) {
            return "broker code " + ((MQBrokerException) e).getResponseCode() + ": " + firstLine(((MQBrokerException) e).getErrorMessage());
        }
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String where = root == e ? "" : e.getClass().getSimpleName() + " <- ";
        return where + root.getClass().getSimpleName() + ": " + firstLine(root.getMessage());
    }

    private static String firstLine(String text) {
        String line = text == null ? "" : text.split("\n", 2)[0].replaceAll("\\[\\d+\\]ms", "[..]ms");
        return line.length() > 160 ? line.substring(0, 160) + "..." : line;
    }

    long sent() {
        return sent;
    }

    long failed() {
        return failed;
    }

    void report(Map<String, Object> result) {
        result.put("sent", sent);
        result.put("failed", failed);
        result.put("slowestSendMs", slowestMs);
        result.put("brokers", brokers);
        result.put("errors", errors);
    }

    void close() {
        producer.shutdown();
    }
}
