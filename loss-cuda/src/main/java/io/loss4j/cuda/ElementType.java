package io.loss4j.cuda;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** What kernels can read; the constants and their order are those of {@code job.cuh}. */
enum ElementType {
    ABSENT(null),
    FLOAT(DataType.FLOAT),
    DOUBLE(DataType.DOUBLE),
    HALF(DataType.FLOAT16),
    BFLOAT16(DataType.BFLOAT16),
    INT32(DataType.INT32),
    INT64(DataType.INT64),
    UINT8(DataType.UINT8),
    INT8(DataType.INT8),
    INT16(DataType.INT16);

    private final @Nullable DataType type;

    ElementType(@Nullable DataType type) {
        this.type = type;
    }

    /** That of an array, or null if kernels cannot read it. */
    static @Nullable ElementType of(DataType type) {
        if (type == DataType.BOOL) {
            return UINT8;
        }
        for (ElementType e : values()) {
            if (e.type == type) {
                return e;
            }
        }
        return null;
    }

    /** Bytes of an element. */
    int width() {
        return type == null ? 0 : type.width();
    }

    /** Whether predictions may have it. */
    boolean isFloating() {
        return this == FLOAT || this == DOUBLE || this == HALF || this == BFLOAT16;
    }

    /** How files and entries call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
