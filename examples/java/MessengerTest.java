import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A messenger that integrates with ELMA365, and its test against a mock. It uses Java's standard
 * library alone (11 or newer), and no build:
 *
 * <pre>java examples/java/MessengerTest.java</pre>
 *
 * It starts the mock itself, with the parley of the PATH, unless PARLEY_MOCK says where one runs.
 */
public class MessengerTest {
    static final String TOKEN = "confirm";
    static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    // --- The code under test: it answers each operator's message. ------------------

    static class Messenger {
        final HttpServer server;
        volatile String vendor; // where ELMA365 takes calls; connect tells it

        Messenger() throws IOException {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.createContext("/", this::take);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        void take(HttpExchange exchange) throws IOException {
            String event = new String(exchange.getRequestBody().readAllBytes(), "UTF-8");
            boolean known = TOKEN.equals(text(event, "token"));
            if (known && "connect".equals(text(event, "type"))) {
                vendor = text(event, "webhook"); // before the answer: what follows it may come at once
            }
            exchange.sendResponseHeaders(known ? 200 : 401, -1);
            exchange.close();
            if (known && "message".equals(text(event, "type"))) {
                new Thread(() -> reply(text(event, "targetChatId"), text(event, "text"))).start();
            }
        }

        void reply(String chat, String text) {
            String message = "{\"type\": \"message\", \"token\": \"" + TOKEN + "\", \"data\": {\"externalMessageId\": \"re-" + chat
                + "\", \"externalChatId\": \"" + chat + "\", \"externalUserId\": \"client-1\", \"text\": \"Thanks for: " + text + "\"}}";
            for (int i = 0; i < 3; i++) {
                if (call("POST", vendor, message, null).statusCode() != 500) {
                    return;
                }
            }
        }
    }

    /** The first text of this name. A real messenger has a library for JSON; so has its test. */
    static String text(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }

    static HttpResponse<String> call(String method, String url, String body, String sandbox) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).header("Content-Type", "application/json");
        if (sandbox != null) {
            request.header("Parley-Sandbox", sandbox);
        }
        request.method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    // --- The tests. Each has a sandbox of its own, so they may run side by side. -----
    // In JUnit 5 they are @Test, open @BeforeEach, close @AfterEach, and the mock @BeforeAll.

    static String mock = System.getenv("PARLEY_MOCK");
    final String sandbox;
    final Messenger messenger = new Messenger();
    final String channel;

    MessengerTest(String name) throws IOException {
        sandbox = "java-" + ProcessHandle.current().pid() + "-" + name;
        channel = text(parley("POST", "/channels", "{\"vendor\": \"elma365\", \"token\": \"" + TOKEN + "\", \"url\": \"" + messenger.url() + "\"}"), "id");
    }

    void close() {
        messenger.server.stop(0);
        parley("DELETE", "/sandboxes/" + sandbox, null);
    }

    String parley(String method, String path, String body) {
        HttpResponse<String> answer = call(method, mock + "/_parley" + path, body, sandbox);
        check(answer.statusCode() < 300, method + " " + path + ": " + answer.body());
        return answer.body();
    }

    void send(String chat) {
        parley("POST", "/send", "{\"vendor\": \"elma365\", \"event\": \"message\", \"channel\": \"" + channel
            + "\", \"set\": {\"data.targetChatId\": \"" + chat + "\", \"data.text\": \"Hello\"}}");
    }

    String replies(int n) {
        return parley("GET", "/journal/wait?operation=operations/message&n=" + n + "&timeout=5s", null);
    }

    void answersAnOperatorInTheSameChat() {
        send("chat-1");
        String reply = replies(1);
        check(reply.contains("\\\"externalChatId\\\": \\\"chat-1\\\""), "another chat: " + reply);
        check(reply.contains("Thanks for: Hello"), "another text: " + reply);
        check(!reply.contains("\"findings\":[{"), "the reply is not as documented: " + reply);
    }

    void sendsAReplyAgainAfter500() {
        parley("POST", "/faults", "{\"vendor\": \"elma365\", \"operation\": \"message\", \"status\": 500, \"times\": 1}");
        send("chat-2");
        String replies = replies(2);
        int failed = replies.indexOf("\"status\":500"), taken = replies.lastIndexOf("\"status\":200");
        check(failed >= 0 && failed < taken, "it is not sent again: " + replies);
    }

    static void check(boolean right, String otherwise) {
        if (!right) {
            throw new AssertionError(otherwise);
        }
    }

    interface Test {
        void run(MessengerTest test) throws IOException;
    }

    static void run(String name, Test body) throws IOException {
        MessengerTest test = new MessengerTest(name);
        try {
            body.run(test);
            System.out.println("passed " + name);
        } finally {
            test.close();
        }
    }

    /** Starts a mock on a free port; the line that it prints has its address. */
    static Process startMock() throws IOException {
        Process parley = new ProcessBuilder("parley", "serve", "elma365", "--addr", "127.0.0.1:0", "--quiet").redirectErrorStream(true).start();
        Pattern address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+(?=[/\\s])");
        StringBuilder printed = new StringBuilder();
        Reader lines = new InputStreamReader(parley.getInputStream(), "UTF-8");
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            Matcher found = address.matcher(printed.append((char) c));
            if (found.find()) {
                mock = found.group();
                return parley;
            }
        }
        throw new IOException("parley serve ended: " + printed);
    }

    public static void main(String[] args) throws IOException {
        Process parley = mock == null ? startMock() : null;
        try {
            run("answersAnOperatorInTheSameChat", MessengerTest::answersAnOperatorInTheSameChat);
            run("sendsAReplyAgainAfter500", MessengerTest::sendsAReplyAgainAfter500);
            System.out.println("2 tests passed");
        } finally {
            if (parley != null) {
                parley.destroy();
            }
        }
    }
}
