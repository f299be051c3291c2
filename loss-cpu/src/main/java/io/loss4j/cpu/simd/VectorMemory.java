package io.loss4j.cpu.simd;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Moves vectors between memory outside the heap and registers. The Vector API of 17 reads byte buffers, that of 22 memory
 * segments since, and the project compiles for 17: so constant method handles, which the JIT inlines like calls. From 22
 * on a single segment spans all memory: as a parameter it is slower. JDKs between that lack both go by tiles on the heap.
 */
final class VectorMemory {
    /** (ByteBuffer piece, long address of the piece, int offset)FloatVector. */
    static final MethodHandle LOAD;

    /** (FloatVector, ByteBuffer piece, long address of the piece, int offset)void. */
    static final MethodHandle STORE;

    /** (ByteBuffer piece, long address of the piece, int offset, float)void: a single one. */
    static final MethodHandle PUT;

    /** Whether this JDK has them. */
    static final boolean EXISTS;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    static {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle load =
                MethodHandles.empty(MethodType.methodType(FloatVector.class, ByteBuffer.class, long.class, int.class));
        MethodHandle store = MethodHandles.empty(
                MethodType.methodType(void.class, FloatVector.class, ByteBuffer.class, long.class, int.class));
        MethodHandle put = MethodHandles.empty(
                MethodType.methodType(void.class, ByteBuffer.class, long.class, int.class, float.class));
        boolean exists = false;
        try {
            if (Runtime.version().feature() >= 22) {
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                Object nothing = segment.getMethod("ofAddress", long.class).invoke(null, 0L);
                Object everything = segment.getMethod("reinterpret", long.class).invoke(nothing, Long.MAX_VALUE);
                MethodHandle sum =
                        lookup.findStatic(Long.class, "sum", MethodType.methodType(long.class, long.class, long.class));
                MethodHandle at = sum.asType(MethodType.methodType(long.class, long.class, int.class));
                load = lookup.findStatic(
                        FloatVector.class,
                        "fromMemorySegment",
                        MethodType.methodType(
                                FloatVector.class, VectorSpecies.class, segment, long.class, ByteOrder.class));
                load = MethodHandles.insertArguments(load, 0, SPECIES, everything);
                load = MethodHandles.insertArguments(load, 1, ByteOrder.nativeOrder());
                load = MethodHandles.dropArguments(MethodHandles.collectArguments(load, 0, at), 0, ByteBuffer.class);
                store = lookup.findVirtual(
                        FloatVector.class,
                        "intoMemorySegment",
                        MethodType.methodType(void.class, segment, long.class, ByteOrder.class));
                store = MethodHandles.insertArguments(store, 1, everything);
                store = MethodHandles.insertArguments(store, 2, ByteOrder.nativeOrder());
                store = MethodHandles.dropArguments(MethodHandles.collectArguments(store, 1, at), 1, ByteBuffer.class);
                Class<?> layout = Class.forName("java.lang.foreign.ValueLayout$OfFloat");
                Object floats = Class.forName("java.lang.foreign.ValueLayout")
                        .getField("JAVA_FLOAT_UNALIGNED")
                        .get(null);
                put = lookup.findVirtual(
                        segment, "set", MethodType.methodType(void.class, layout, long.class, float.class));
                put = MethodHandles.insertArguments(put, 0, everything, floats);
                put = MethodHandles.dropArguments(MethodHandles.collectArguments(put, 0, at), 0, ByteBuffer.class);
            } else {
                load = lookup.findStatic(
                        FloatVector.class,
                        "fromByteBuffer",
                        MethodType.methodType(
                                FloatVector.class, VectorSpecies.class, ByteBuffer.class, int.class, ByteOrder.class));
                load = MethodHandles.insertArguments(load, 0, SPECIES);
                load = MethodHandles.insertArguments(load, 2, ByteOrder.nativeOrder());
                load = MethodHandles.dropArguments(load, 1, long.class);
                store = lookup.findVirtual(
                        FloatVector.class,
                        "intoByteBuffer",
                        MethodType.methodType(void.class, ByteBuffer.class, int.class, ByteOrder.class));
                store = MethodHandles.insertArguments(store, 3, ByteOrder.nativeOrder());
                store = MethodHandles.dropArguments(store, 2, long.class);
                put = lookup.findVirtual(
                        ByteBuffer.class, "putFloat", MethodType.methodType(ByteBuffer.class, int.class, float.class));
                put = MethodHandles.dropArguments(put, 1, long.class)
                        .asType(MethodType.methodType(
                                void.class, ByteBuffer.class, long.class, int.class, float.class));
            }
            exists = true;
        } catch (NoSuchMethodException e) {
            // Another JDK of those between: tiles do as well, only slower.
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        EXISTS = exists;
        LOAD = load;
        STORE = store;
        PUT = put;
    }

    private VectorMemory() {}
}
