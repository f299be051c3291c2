package io.loss4j.benchmarks.pytorch;

import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import java.util.Objects;
import org.bytedeco.pytorch.BCEWithLogitsLossOptions;
import org.bytedeco.pytorch.CrossEntropyLossOptions;
import org.bytedeco.pytorch.HuberLossOptions;
import org.bytedeco.pytorch.MSELossOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kNone;
import org.bytedeco.pytorch.kSum;

/** A loss as PyTorch has it or, where it has none, as its users compose it; the sum over all rows. */
interface Formula {
    Tensor of(Tensor predictions, Tensor labels);

    static Formula of(Workload workload) {
        LossSpec spec = workload.spec();
        if (spec instanceof SoftmaxCrossEntropy) {
            CrossEntropyLossOptions sum = new CrossEntropyLossOptions();
            sum.reduction().put(new kSum());
            return (x, y) -> torch.cross_entropy(x, y, sum);
        } else if (spec instanceof SigmoidCrossEntropy) {
            BCEWithLogitsLossOptions sum = new BCEWithLogitsLossOptions();
            sum.reduction().put(new kSum());
            return (x, y) -> torch.binary_cross_entropy_with_logits(x, y, sum);
        } else if (spec instanceof Huber loss) {
            HuberLossOptions sum = new HuberLossOptions();
            sum.reduction().put(new kSum());
            sum.delta().put(loss.delta());
            return (x, y) -> torch.huber_loss(x, y, sum);
        } else if (spec instanceof MeanSquaredError) {
            MSELossOptions sum = new MSELossOptions();
            sum.reduction().put(new kSum());
            return (x, y) -> torch.mse_loss(x, y, sum);
        } else if (spec instanceof SoftmaxFocal loss) {
            return softmaxFocal(loss.gamma().toArray()[0]);
        } else if (spec instanceof SigmoidFocal loss) {
            return sigmoidFocal(Objects.requireNonNull(loss.alpha()), loss.gamma());
        }
        throw new IllegalArgumentException("PyTorch has nothing for " + workload);
    }

    private static Formula softmaxFocal(double gamma) {
        Scalar one = new Scalar(1.0);
        Scalar power = new Scalar(gamma);
        return (x, y) -> {
            Tensor logs = torch.log_softmax(x, 1).gather(1, y.unsqueeze(1));
            return torch.rsub(logs.exp(), one).pow(power).mul(logs).sum().neg();
        };
    }

    /** As in torchvision.ops.sigmoid_focal_loss. */
    private static Formula sigmoidFocal(double alpha, double gamma) {
        BCEWithLogitsLossOptions none = new BCEWithLogitsLossOptions();
        none.reduction().put(new kNone());
        Scalar one = new Scalar(1.0);
        Scalar power = new Scalar(gamma);
        Scalar yes = new Scalar(alpha);
        Scalar no = new Scalar(1 - alpha);
        return (x, y) -> {
            Tensor p = torch.sigmoid(x);
            Tensor crossEntropy = torch.binary_cross_entropy_with_logits(x, y, none);
            Tensor other = torch.rsub(y, one);
            Tensor hit = p.mul(y).add(torch.rsub(p, one).mul(other));
            Tensor loss = crossEntropy.mul(torch.rsub(hit, one).pow(power));
            return y.mul(yes).add(other.mul(no)).mul(loss).sum();
        };
    }
}
