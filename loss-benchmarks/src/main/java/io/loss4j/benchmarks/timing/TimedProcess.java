package io.loss4j.benchmarks.timing;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The inside of a process that is timed. It answers on its standard output, in lines that begin with {@link #MARK}: first
 * whether it is ready, then to every line that it reads. {@code time 50} works for 50 ms and answers calls and
 * nanoseconds; {@code bytes 100} makes 100 calls and answers the Java heap that this thread took. It ends with its input.
 *
 * <p>So that several contenders can wait ready side by side and be timed in turns, which no machine that gets slower or
 * faster meanwhile can favour.
 */
public final class TimedProcess {
    /** Begins every answer: native code may print to the same output. */
    public static final String MARK = "@loss4j ";

    /** The answer of a process that is ready, before what computes. */
    public static final String READY = "ready ";

    /** The answer of a process whose contender computes something else than the formula, before what. */
    public static final String WRONG = "wrong ";

    /** The answer of a process that cannot work, before why. */
    public static final String FAILED = "failed ";

    /** Makes what is to be timed. */
    public interface Maker {
        /** With its arrays, from these numbers. */
        Timed make(Workload workload, Wanted wanted, Numbers numbers, int threads);
    }

    private TimedProcess() {}

    /**
     * Serves until the input ends.
     *
     * @param arguments name of the workload, what is wanted, number of threads
     */
    public static void serve(String[] arguments, Maker maker) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Timed timed = ready(arguments, maker)) {
            answer(answers, READY + timed.engine());
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                String[] words = order.split(" ");
                int amount = Integer.parseInt(words[1]);
                answer(answers, words[0].equals("bytes") ? bytes(timed, amount) : time(timed, amount));
            }
        } catch (WrongResult e) {
            answer(answers, WRONG + e.getMessage());
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
            answer(answers, FAILED + String.valueOf(e).lines().findFirst().orElse(""));
        }
    }

    private static Timed ready(String[] arguments, Maker maker) {
        Workload workload = Workload.named(arguments[0]);
        Wanted wanted = Wanted.named(arguments[1]);
        Timed timed = maker.make(workload, wanted, Numbers.of(workload), Integer.parseInt(arguments[2]));
        Reference.check(workload, wanted, timed);
        System.gc();
        return timed;
    }

    private static void answer(PrintStream answers, String text) {
        answers.println(MARK + text);
        answers.flush();
    }

    private static String time(Timed timed, int milliseconds) {
        boolean restores = timed.overwritesPredictions();
        long until = System.nanoTime() + milliseconds * 1_000_000L;
        long calls = 0;
        long spent = 0;
        long now;
        do {
            if (restores) {
                timed.restore();
            }
            long start = System.nanoTime();
            timed.call();
            now = System.nanoTime();
            spent += now - start;
            calls++;
        } while (now < until);
        return String.format(Locale.ROOT, "%d %d", calls, spent);
    }

    private static String bytes(Timed timed, int calls) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            timed.call();
        }
        return String.format(Locale.ROOT, "%d %d", calls, threads.getCurrentThreadAllocatedBytes() - before);
    }
}
