package testbed.client;

import com.alibaba.fastjson2.JSON;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends and receives messages with RocketMQ's own client, for tests and measurements.
 *
 * <p>Prints JSON lines on stdout, the last of which is the result. Exits with 0 if all went as asked, 1 if
 * messages failed, were missing or were lost, 2 if the arguments are wrong.
 */
public final class Main {
    private static final String USAGE = String.join("\n",
        "usage: client produce --namesrv A --topic T [--count N] [--duration S] [--rate PER_S] [--keys PREFIX] [--size BYTES]",
        "       client consume --namesrv A --topic T --group G --count N [--timeout S] [--keys PREFIX] [--reject 1]",
        "       client both    --namesrv A --topic T [--group G] [--duration S] [--rate PER_S] [--size BYTES] [--drain S]",
        "all: --poll MS (route refresh), --heartbeat MS, --retries N (of a send), --sendTimeout MS",
        "--reject 1: consuming fails, without a retry. A: name servers, host:port;host:port. `both` ends after --duration or when its standard input is closed.");

    private Main() {
    }

    public static void main(String[] arguments) {
        int status;
        try {
            if (arguments.length == 0) {
                throw new IllegalArgumentException("a command is missing");
            }
            status = run(arguments[0], new Options(Arrays.asList(arguments).subList(1, arguments.length)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            status = 2;
        } catch (Exception e) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("ok", false);
            result.put("error", Sender.describe(e));
            print(result);
            status = 1;
        }
        // The client's threads may still be closing connections: nothing is left to wait for.
        Runtime.getRuntime().halt(status);
    }

    private static int run(String command, Options options) throws Exception {
        Map<String, Object> result;
        switch (command) {
            case "produce":
                result = Produce.run(options);
                break;
            case "consume":
                result = Consume.run(options);
                break;
            case "both":
                result = Load.run(options);
                break;
            default:
                throw new IllegalArgumentException("no such command: " + command);
        }
        print(result);
        return Boolean.TRUE.equals(result.get("ok")) ? 0 : 1;
    }

    static void print(Map<String, Object> line) {
        System.out.println(JSON.toJSONString(line));
        System.out.flush();
    }

    /** At most the first ten, so that a result stays readable when much went wrong. */
    static List<String> some(List<String> all) {
        return all.subList(0, Math.min(10, all.size()));
    }
}
