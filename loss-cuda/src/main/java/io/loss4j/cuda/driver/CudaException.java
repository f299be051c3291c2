package io.loss4j.cuda.driver;

import io.loss4j.error.BackendException;
import java.util.Set;

/** A call of the driver failed; the message has its name, the name and text of the result, and a remedy. */
public final class CudaException extends BackendException {
    private static final long serialVersionUID = 1L;

    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;
    private static final int INVALID_PTX = 218;
    private static final int NO_BINARY = 209;
    private static final int INVALID_IMAGE = 200;
    private static final int UNSUPPORTED_PTX = 222;
    private static final int JIT_NOT_FOUND = 221;
    private static final int ECC = 214;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int LAUNCH_TIMEOUT = 702;
    private static final int LAUNCH_FAILED = 719;

    /** After these every further call in the context fails, by the driver's documentation. */
    private static final Set<Integer> LOSE_THE_CONTEXT = Set.of(
            4,
            ECC,
            220,
            226,
            ILLEGAL_ADDRESS,
            LAUNCH_TIMEOUT,
            709,
            710,
            714,
            715,
            716,
            717,
            718,
            LAUNCH_FAILED,
            721,
            911);

    private final int result;
    private final String call;
    private final String problem;
    private final String remedy;

    CudaException(String code, String call, int result, String what, String remedy) {
        super(code, call + " returned " + what, remedy, null);
        this.call = call;
        this.result = result;
        this.problem = call + " returned " + what;
        this.remedy = remedy;
    }

    /** The same as an answer to whether CUDA can be used. */
    public UnavailableException asUnavailable() {
        return new UnavailableException(code(), problem, remedy, this);
    }

    static CudaException of(String call, int result) {
        return new CudaException("L4J-C08", call, result, Driver.describe(result), remedy(result));
    }

    static String remedy(int result) {
        return switch (result) {
            case OUT_OF_MEMORY ->
                "free memory of the GPU, use smaller batches, or choose another GPU with" + " -Dloss4j.cuda.device";
            case 34 -> "take the folder with CUDA's stub libraries off the library path";
            case 46, 101 -> "run nvidia-smi; choose a GPU with -Dloss4j.cuda.device";
            case NO_DEVICE -> "run nvidia-smi; check CUDA_VISIBLE_DEVICES, and start containers with --gpus all";
            case INVALID_IMAGE, NO_BINARY, INVALID_PTX, UNSUPPORTED_PTX ->
                "update the NVIDIA driver, at least to that" + " of CUDA 11.8 (520)";
            case JIT_NOT_FOUND -> "install the part of the NVIDIA driver that holds libnvidia-ptxjitcompiler";
            case ECC -> "restart the process; 'nvidia-smi -q -d ECC' shows whether the GPU is damaged";
            case ILLEGAL_ADDRESS, LAUNCH_FAILED ->
                "restart the process to use the GPU again, and report this with the"
                        + " shapes; with addresses of your own check their shapes and strides";
            case LAUNCH_TIMEOUT -> "use a GPU without a display, or smaller batches; restart the process";
            case 701 -> "report this with the name of the GPU";
            case 803 -> "restart the machine: the driver was updated while it ran";
            case 999 -> "restart the machine or reload the driver, which often fails so after suspend";
            default -> "report this with the output of nvidia-smi";
        };
    }

    /** The number of the result, a CUresult. */
    public int result() {
        return result;
    }

    /** The function of the driver that failed. */
    public String call() {
        return call;
    }

    /** Whether less memory would have done. */
    public boolean isOutOfMemory() {
        return result == OUT_OF_MEMORY;
    }

    /** Whether nothing can run on the device any more in this process. */
    public boolean losesContext() {
        return LOSE_THE_CONTEXT.contains(result);
    }
}
