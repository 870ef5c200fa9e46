package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Prepares passes over one model: which kernel attends, what is masked, and the rotary angles. Owns the angles'
 * frequencies: close it.
 */
final class Passes implements AutoCloseable {

    /** A pass of so many tokens behind so many times as many is worth a plan, if that is for all the text's passes. */
    private static final int PLANNED_TOKENS = 2048;

    private static final int PLANNED_PAST = 4;

    private final ModelConfig config;
    private final ComputeDevice device;
    private final ComputeType type;
    private final boolean fused;
    /** Whether FlashAttention takes this model's passes. */
    private final boolean flash;
    /** Whether cuDNN's attention does. */
    private final boolean cudnn;

    /** Our own kernel for the newest token of each row, where there is one. */
    private final Optional<NewestAttention> newest;

    private final RotaryEmbedding rotary;

    /** @param fused whether attention is libtorch's fused kernel where many tokens are read at once */
    Passes(ModelConfig config, ComputeDevice device, ComputeType type, boolean fused) {
        this.config = config;
        this.device = device;
        this.type = type;
        this.fused = fused;
        this.flash = fused
                && device instanceof ComputeDevice.Cuda
                && type != ComputeType.FLOAT32
                && FusedAttention.flashes(config.headWidth());
        this.cudnn = fused && CudnnAttention.attends(device, type, config.headWidth());
        this.newest = fused ? NewestAttention.of(config, device, type) : Optional.empty();
        this.rotary = new RotaryEmbedding(config, device);
    }

    /** A pass over {@code time} tokens that have none before them. */
    Pass fresh(int time) {
        return sequence(0, time);
    }

    /** The same for a shape that will come again. */
    Pass training(int time) {
        Pass pass = fresh(time);
        return time > 1 ? planned(pass) : pass;
    }

    /** The same by the kernel that is planned for the shape, where there is one. */
    private Pass planned(Pass pass) {
        return cudnn && pass.kernel() == Pass.Kernel.FUSED && pass.mask().isEmpty()
                ? new Pass(pass.angles(), Pass.Kernel.PLANNED, pass.mask(), pass.branches(), pass.place())
                : pass;
    }

    /** A pass over the next {@code time} tokens of what the cache holds. */
    Pass following(KeyValueCache cache, int time) {
        if (cache.branches()) {
            return branched(cache, time);
        }
        long past = cache.length();
        Pass pass = sequence(past, time);
        return time >= PLANNED_TOKENS && past % time == 0 && past / time >= PLANNED_PAST ? planned(pass) : pass;
    }

    private Pass sequence(long past, int time) {
        Pass.Kernel kernel =
                fused && (time == 1 || time > Attention.FEW_ROWS) ? Pass.Kernel.FUSED : Pass.Kernel.EXPLICIT;
        boolean open = kernel == Pass.Kernel.FUSED && (past == 0 || time == 1 || flash) && !slides(past + time);
        return new Pass(
                rotary.angles(rotary.positions(new long[] {past}, time), type.scalarType()),
                kernel,
                open ? Optional.empty() : Optional.of(mask(past, time)),
                Optional.empty(),
                Optional.empty());
    }

    private Pass branched(KeyValueCache cache, int time) {
        long past = cache.length();
        long[] first = Arrays.stream(cache.padding())
                .mapToLong(none -> cache.prefixLength() + past - none)
                .toArray();
        Tensor positions = rotary.positions(first, time);
        Tensor padding = torch.tensor(cache.padding()).to(device.handle(), ScalarType.Long);
        boolean slides = slides(Arrays.stream(first).max().orElseThrow() + time);
        return new Pass(
                rotary.angles(positions, type.scalarType()),
                Pass.Kernel.BRANCHED,
                Optional.of(mask(past, time)),
                Optional.of(new Pass.Branches(
                        padding(padding, past + time),
                        slides ? prefixMask(positions, cache.prefixLength()) : Optional.empty())),
                Optional.empty());
    }

    /**
     * A pass over one more token of each row the cache has room for. All that changes from one token to the next is read
     * from the device, so it can be recorded.
     */
    Pass fixed(KeyValueCache cache, KeyValueCache.Place place) {
        Tensor column = place.column();
        Tensor positions = column.sub(place.padding())
                .add(new Scalar(cache.prefixLength()))
                .view(-1, 1, 1, 1)
                .to(ScalarType.Float);
        RotaryEmbedding.Angles angles = rotary.angles(positions, type.scalarType());
        if (newest.isPresent() && newest.get().attends(cache)) {
            return new Pass(angles, Pass.Kernel.NEWEST, Optional.empty(), Optional.empty(), Optional.of(place), newest);
        }
        Optional<Pass.Branches> branches = cache.branches()
                ? Optional.of(new Pass.Branches(
                        padding(place.padding(), cache.columns()), prefixMask(positions, cache.prefixLength())))
                : Optional.empty();
        return new Pass(
                angles,
                cache.branches() ? Pass.Kernel.BRANCHED : Pass.Kernel.EXPLICIT,
                Optional.of(fixedMask(column, cache.columns())),
                branches,
                Optional.of(place));
    }

    /** {@code [1, columns]}: columns behind the newest hold nothing yet. */
    private Tensor fixedMask(Tensor column, long columns) {
        Tensor each = torch.arange(new Scalar(columns), new TensorOptions(device.handle()));
        Tensor blocked = each.gt(column);
        Tensor all = config.slidingWindow().isPresent()
                ? blocked.logical_or(
                        each.le(column.sub(new Scalar(config.slidingWindow().getAsInt()))))
                : blocked;
        return torch.zeros(new long[] {1, columns}, new TensorOptions(device.handle()))
                .masked_fill_(all, new Scalar(Double.NEGATIVE_INFINITY))
                .to(type.scalarType());
    }

    /**
     * {@code [rows, 1, 1, keys]}. Padding is hidden by a large number and not by -inf: a query that is padding itself must
     * see something.
     */
    private Tensor padding(Tensor none, long keys) {
        Tensor key = torch.arange(new Scalar(keys), new TensorOptions(device.handle()));
        return key.lt(none.view(-1, 1, 1, 1)).to(type.scalarType()).mul(new Scalar(-1e30));
    }

    /**
     * Which of the prefix's tokens are too far back for a sliding window; empty where there is none.
     *
     * @param positions {@code [rows, 1, time, 1]}
     */
    private Optional<Tensor> prefixMask(Tensor positions, long prefix) {
        OptionalInt sliding = config.slidingWindow();
        if (sliding.isEmpty() || prefix == 0) {
            return Optional.empty();
        }
        Tensor distance = positions
                .view(1, positions.size(0), -1, 1)
                .sub(torch.arange(new Scalar(prefix), new TensorOptions(device.handle())));
        Tensor hidden = distance.ge(new Scalar(sliding.getAsInt())).to(type.scalarType());
        return Optional.of(hidden.mul(new Scalar(-1e30)).repeat(1, 1, group(), 1));
    }

    /** Whether the newest of so many tokens does not see the oldest. */
    private boolean slides(long tokens) {
        return config.slidingWindow().stream().anyMatch(reach -> reach < tokens);
    }

    /**
     * {@code [group * time, n]} for the newest {@code n} keys, to the older of which every query may look: 0 where it may,
     * -inf where not.
     */
    private Tensor mask(long past, long time) {
        boolean slides = slides(past + time);
        long before = slides ? past : 0;
        Tensor ones = torch.ones(new long[] {time, before + time}, new TensorOptions(device.handle()));
        Tensor blocked = ones.triu(before + 1);
        if (slides) {
            blocked = blocked.add(ones.tril(before - config.slidingWindow().orElseThrow()));
        }
        Tensor mask = torch.zeros_like(ones)
                .masked_fill_(blocked.to(ScalarType.Bool), new Scalar(Double.NEGATIVE_INFINITY))
                .to(type.scalarType());
        return mask.repeat(group(), 1);
    }

    private long group() {
        return config.heads() / config.keyValueHeads();
    }

    @Override
    public void close() {
        rotary.close();
    }
}
