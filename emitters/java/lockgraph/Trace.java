package lockgraph;

import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the locks of this package do, as JSON Lines for {@code lockdep-check}, in the file that
 * {@code LOCKGRAPH_TRACE}, or the property {@code lockgraph.trace}, names; {@code %p} in it is the
 * number of the process. Without either nothing is written, and the locks are those of Java.
 */
public final class Trace {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final Map<List<Object>, String> PLACES = new ConcurrentHashMap<>();
    private static final Map<String, Object> NAMES = new ConcurrentHashMap<>();
    private static final Map<Thread, String> THREADS =
        Collections.synchronizedMap(new WeakHashMap<>());
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ThreadLocal<String> NAME =
        ThreadLocal.withInitial(() -> name(Thread.currentThread()));
    private static volatile FileOutputStream file = open();

    private Trace() {}

    /** Starts a thread, and says so: what is done before cannot meet what the thread does. */
    public static void start(Thread thread) {
        if (isOn() && thread.getState() == Thread.State.NEW) {
            emit("spawn", ",\"other\":" + name(thread), place());
        }
        thread.start();
    }

    /** Waits for the end of a thread, and says so. */
    public static void join(Thread thread) throws InterruptedException {
        if (isOn() && thread != Thread.currentThread() && thread.getState() != Thread.State.NEW) {
            emit("join", ",\"other\":" + name(thread), place());
        }
        thread.join();
    }

    static boolean isOn() {
        return file != null;
    }

    static long number() {
        return NUMBERS.incrementAndGet();
    }

    /** One call of the system: whole among others' lines, and there however the program ends. */
    static void emit(String event, String rest, String place) {
        FileOutputStream file = Trace.file;
        if (file == null) {
            return;
        }
        long now = System.nanoTime() & Long.MAX_VALUE;
        String line = "{\"time\":" + now / 1_000_000_000 + "."
            + String.valueOf(1_000_000_000 + now % 1_000_000_000).substring(1)
            + ",\"thread\":" + NAME.get() + ",\"event\":\"" + event + "\"" + rest + place + "}\n";
        try {
            file.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException error) {
            fail(error);
        }
    }

    /** The innermost frame of the program, and the two that called it. */
    static String place() {
        return WALKER.walk(Trace::place);
    }

    private static String place(Stream<StackFrame> stack) {
        // What is behind a frame's line is looked up only once: that is what takes time.
        List<Object> key = new ArrayList<>(6);
        List<StackFrame> frames = new ArrayList<>(3);
        for (Iterator<StackFrame> all = stack.iterator(); all.hasNext() && frames.size() < 3;) {
            StackFrame frame = all.next();
            if (isShown(frame)) {
                frames.add(frame);
                key.add(frame.getClassName().concat(frame.getMethodName()));
                key.add(frame.getByteCodeIndex());
            }
        }
        return PLACES.computeIfAbsent(key, none -> text(frames));
    }

    private static String text(List<StackFrame> frames) {
        List<StackTraceElement> elements =
            frames.stream().map(StackFrame::toStackTraceElement).collect(Collectors.toList());
        return elements.isEmpty() ? "" : ",\"at\":" + quoted(line(elements.get(0)))
            + ",\"stack\":[" + elements.stream()
                .map(frame -> quoted(function(frame) + " (" + line(frame) + ")"))
                .collect(Collectors.joining(",")) + "]";
    }

    /** The same, without those who called it. */
    static String origin() {
        return WALKER.walk(stack -> stack.filter(Trace::isShown).findFirst())
            .map(frame -> ",\"at\":" + quoted(line(frame.toStackTraceElement()))).orElse("");
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        (text.length() > 400 ? text.substring(0, 400) + "..." : text).codePoints().forEach(code -> {
            if (code == '"' || code == '\\') {
                quoted.append('\\').append((char) code);
            } else if (code < ' ') {
                quoted.append(String.format("\\u%04x", code));
            } else {
                quoted.appendCodePoint(code);
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean isShown(StackFrame frame) {
        String name = frame.getClassName();
        return !name.startsWith("lockgraph.") && !name.startsWith("java.")
            && !name.startsWith("jdk.");
    }

    private static String function(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName();
    }

    private static String line(StackTraceElement frame) {
        String name = frame.getClassName();
        String folder = name.substring(0, name.lastIndexOf('.') + 1).replace('.', '/');
        String file = frame.getFileName() == null ? name : folder + frame.getFileName();
        return frame.getLineNumber() < 0 ? file : file + ":" + frame.getLineNumber();
    }

    private static String name(Thread thread) {
        return THREADS.computeIfAbsent(thread, Trace::uniqueName);
    }

    private static String uniqueName(Thread thread) {
        String name = thread.getName().isEmpty() ? "thread" : thread.getName();
        for (int number = 1;; number++) {
            String text = number == 1 ? name : name + "#" + number;
            if (NAMES.putIfAbsent(text, true) == null) {
                return quoted(text);
            }
        }
    }

    private static FileOutputStream open() {
        String path = System.getProperty("lockgraph.trace", System.getenv("LOCKGRAPH_TRACE"));
        if (path == null || path.isEmpty()) {
            return null;
        }
        // An interrupted thread would close the file where it asks for its lock.
        boolean isInterrupted = Thread.interrupted();
        try {
            String process = String.valueOf(ProcessHandle.current().pid());
            FileOutputStream file = new FileOutputStream(path.replace("%p", process), true);
            boolean isFile = Files.isRegularFile(Path.of(path.replace("%p", process)));
            if (isFile && file.getChannel().tryLock() == null) {
                // It is that of another process that runs.
                file = new FileOutputStream(path + "." + process, true);
            }
            if (isFile) {
                file.getChannel().truncate(0);
            }
            file.write("{\"lockgraph-trace\":1}\n".getBytes(StandardCharsets.UTF_8));
            return file;
        } catch (IOException error) {
            System.err.println("LockGraph: " + path + ": cannot be written: " + error.getMessage());
            return null;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void fail(IOException error) {
        file = null;
        System.err.println("LockGraph: the trace cannot be written: " + error.getMessage());
    }
}
