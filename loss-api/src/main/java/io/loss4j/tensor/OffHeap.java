package io.loss4j.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Reads and writes memory outside the Java heap by address, without a 2 GiB limit. The only class that knows how: up to
 * JDK 21 through {@code sun.misc.Unsafe}, from 22 on through memory segments, reached by constant method handles because
 * the project compiles for 17. Both are intrinsics of the JIT, so a bulk copy costs what memcpy costs.
 */
final class OffHeap {
    /** copy(address, array, index, count): memory to array. */
    private static final MethodHandle LOAD_FLOATS;

    private static final MethodHandle LOAD_DOUBLES;
    private static final MethodHandle LOAD_SHORTS;
    private static final MethodHandle LOAD_INTS;
    private static final MethodHandle LOAD_LONGS;
    private static final MethodHandle LOAD_BYTES;
    private static final MethodHandle STORE_FLOATS;
    private static final MethodHandle STORE_DOUBLES;
    private static final MethodHandle STORE_SHORTS;

    static {
        boolean segments = Runtime.version().feature() >= 22;
        try {
            Access access = segments ? new SegmentAccess() : new UnsafeAccess();
            LOAD_FLOATS = access.load(float.class);
            LOAD_DOUBLES = access.load(double.class);
            LOAD_SHORTS = access.load(short.class);
            LOAD_INTS = access.load(int.class);
            LOAD_LONGS = access.load(long.class);
            LOAD_BYTES = access.load(byte.class);
            STORE_FLOATS = access.store(float.class);
            STORE_DOUBLES = access.store(double.class);
            STORE_SHORTS = access.store(short.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private OffHeap() {}

    static void load(long address, float[] to, int index, int count) {
        try {
            LOAD_FLOATS.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void load(long address, double[] to, int index, int count) {
        try {
            LOAD_DOUBLES.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void load(long address, short[] to, int index, int count) {
        try {
            LOAD_SHORTS.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void load(long address, int[] to, int index, int count) {
        try {
            LOAD_INTS.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void load(long address, long[] to, int index, int count) {
        try {
            LOAD_LONGS.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void load(long address, byte[] to, int index, int count) {
        try {
            LOAD_BYTES.invokeExact(address, (Object) to, index, count);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void store(float[] from, int index, int count, long address) {
        try {
            STORE_FLOATS.invokeExact((Object) from, index, count, address);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void store(double[] from, int index, int count, long address) {
        try {
            STORE_DOUBLES.invokeExact((Object) from, index, count, address);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static void store(short[] from, int index, int count, long address) {
        try {
            STORE_SHORTS.invokeExact((Object) from, index, count, address);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static RuntimeException rethrow(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }

    private interface Access {
        /** (long address, Object array, int index, int count)void. */
        MethodHandle load(Class<?> component) throws ReflectiveOperationException;

        /** (Object array, int index, int count, long address)void. */
        MethodHandle store(Class<?> component) throws ReflectiveOperationException;
    }

    private static final class UnsafeAccess implements Access {
        private final MethodHandles.Lookup lookup = MethodHandles.lookup();
        private final Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
        private final Object unsafe;

        /** (Object from, long fromOffset, Object to, long toOffset, long bytes)void. */
        private final MethodHandle copy;

        UnsafeAccess() throws ReflectiveOperationException {
            Field field = unsafeClass.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            unsafe = field.get(null);
            MethodType type =
                    MethodType.methodType(void.class, Object.class, long.class, Object.class, long.class, long.class);
            copy = lookup.findVirtual(unsafeClass, "copyMemory", type).bindTo(unsafe);
        }

        /** A function of an int: base + int * scale, with constants folded in. */
        private MethodHandle bytes(long base, long scale) throws ReflectiveOperationException {
            MethodType type = MethodType.methodType(long.class, long.class, long.class, int.class);
            MethodHandle linear = lookup.findStatic(UnsafeAccess.class, "linear", type);
            return MethodHandles.insertArguments(linear, 0, base, scale);
        }

        @SuppressWarnings("unused") // called through a method handle
        private static long linear(long base, long scale, int n) {
            return base + n * scale;
        }

        private long constant(String method, Class<?> component) throws ReflectiveOperationException {
            Class<?> array = component.arrayType();
            Object value = unsafeClass.getMethod(method, Class.class).invoke(unsafe, array);
            return ((Number) value).longValue();
        }

        @Override
        public MethodHandle load(Class<?> component) throws ReflectiveOperationException {
            long base = constant("arrayBaseOffset", component);
            long scale = constant("arrayIndexScale", component);
            MethodHandle fromMemory = MethodHandles.insertArguments(copy, 0, (Object) null);
            return MethodHandles.filterArguments(fromMemory, 2, bytes(base, scale), bytes(0, scale));
        }

        @Override
        public MethodHandle store(Class<?> component) throws ReflectiveOperationException {
            long base = constant("arrayBaseOffset", component);
            long scale = constant("arrayIndexScale", component);
            MethodHandle toMemory = MethodHandles.insertArguments(copy, 2, (Object) null);
            MethodHandle filtered = MethodHandles.filterArguments(toMemory, 1, bytes(base, scale));
            return countBeforeAddress(MethodHandles.filterArguments(filtered, 3, bytes(0, scale)));
        }
    }

    /** (array, index, address, count) -> (array, index, count, address). */
    private static MethodHandle countBeforeAddress(MethodHandle store) {
        MethodType type = MethodType.methodType(void.class, Object.class, int.class, int.class, long.class);
        return MethodHandles.permuteArguments(store, type, 0, 1, 3, 2);
    }

    private static final class SegmentAccess implements Access {
        private final MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        private final Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        private final Class<?> layout = Class.forName("java.lang.foreign.ValueLayout");
        private final Object everything;

        SegmentAccess() throws ReflectiveOperationException {
            Object nothing = segment.getMethod("ofAddress", long.class).invoke(null, 0L);
            everything = segment.getMethod("reinterpret", long.class).invoke(nothing, Long.MAX_VALUE);
        }

        private Object layoutOf(Class<?> component) throws ReflectiveOperationException {
            String name = component == byte.class
                    ? "JAVA_BYTE"
                    : "JAVA_" + component.getName().toUpperCase(Locale.ROOT) + "_UNALIGNED";
            Object found = layout.getField(name).get(null);
            return layout.getMethod("withOrder", ByteOrder.class).invoke(found, ByteOrder.nativeOrder());
        }

        @Override
        public MethodHandle load(Class<?> component) throws ReflectiveOperationException {
            MethodHandle copy = lookup.findStatic(
                    segment,
                    "copy",
                    MethodType.methodType(void.class, segment, layout, long.class, Object.class, int.class, int.class));
            return MethodHandles.insertArguments(copy, 0, everything, layoutOf(component));
        }

        @Override
        public MethodHandle store(Class<?> component) throws ReflectiveOperationException {
            MethodHandle copy = lookup.findStatic(
                    segment,
                    "copy",
                    MethodType.methodType(void.class, Object.class, int.class, segment, layout, long.class, int.class));
            return countBeforeAddress(MethodHandles.insertArguments(copy, 2, everything, layoutOf(component)));
        }
    }
}
