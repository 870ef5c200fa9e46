// What a block does number by number, in one pass over memory each. Numbers are bfloat16, read and written eight at a time
// (16 bytes a thread); arithmetic is float32. Distances are in eights.

struct alignas(16) Eight {
    unsigned int pair[4];
};

__device__ __forceinline__ float low(unsigned int pair) {
    return __uint_as_float(pair << 16);
}

__device__ __forceinline__ float high(unsigned int pair) {
    return __uint_as_float(pair & 0xffff0000u);
}

__device__ __forceinline__ unsigned int pack(float low, float high) {
    unsigned int pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

__device__ __forceinline__ float sigmoid(float x) {
    return 1.0f / (1.0f + __expf(-x));
}

// out [rows, width] = silu(gate) * up, whose rows lie gateStride and upStride apart.
extern "C" __global__ void gated(
        const Eight *gate, const Eight *up, Eight *out, long long rows, long long width, long long gateStride, long long upStride) {
    long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x;
    if (i >= rows * width) {
        return;
    }
    long long row = i / width, column = i % width;
    Eight g = gate[row * gateStride + column], u = up[row * upStride + column], o;
    for (int k = 0; k < 4; k++) {
        float a = low(g.pair[k]), b = high(g.pair[k]);
        o.pair[k] = pack(a * sigmoid(a) * low(u.pair[k]), b * sigmoid(b) * high(u.pair[k]));
    }
    out[i] = o;
}

// The gradients of gate and up, [rows, width] both, for that of silu(gate) * up.
extern "C" __global__ void gatedBack(
        const Eight *gate, const Eight *up, const Eight *gradient, Eight *gateGradient, Eight *upGradient,
        long long rows, long long width, long long gateStride, long long upStride) {
    long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x;
    if (i >= rows * width) {
        return;
    }
    long long row = i / width, column = i % width;
    Eight g = gate[row * gateStride + column], u = up[row * upStride + column], d = gradient[i], dg, du;
    for (int k = 0; k < 4; k++) {
        float a = low(g.pair[k]), b = high(g.pair[k]);
        float sa = sigmoid(a), sb = sigmoid(b);
        float da = low(d.pair[k]), db = high(d.pair[k]);
        dg.pair[k] = pack(
                da * low(u.pair[k]) * sa * (1.0f + a * (1.0f - sa)), db * high(u.pair[k]) * sb * (1.0f + b * (1.0f - sb)));
        du.pair[k] = pack(da * a * sa, db * b * sb);
    }
    gateGradient[i] = dg;
    upGradient[i] = du;
}

// Turns x, whose batches, times and heads lie the given distances apart, into out [batch, time, heads, 2 * half]; cosine and
// sine are [anglesBatch, time, half], where anglesBatch is 1 or the batch.
extern "C" __global__ void rotate(
        const Eight *x, const Eight *cosine, const Eight *sine, Eight *out, long long batch, long long time, long long heads,
        long long half, long long batchStride, long long timeStride, long long headStride, int anglesEach) {
    long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x;
    if (i >= batch * time * heads * half) {
        return;
    }
    long long column = i % half, head = i / half % heads, t = i / (half * heads) % time, b = i / (half * heads * time);
    const Eight *from = x + b * batchStride + t * timeStride + head * headStride + column;
    Eight first = from[0], second = from[half];
    long long angle = ((anglesEach ? b : 0) * time + t) * half + column;
    Eight c = cosine[angle], s = sine[angle], left, right;
    for (int k = 0; k < 4; k++) {
        float a = low(first.pair[k]), b0 = high(first.pair[k]), y = low(second.pair[k]), z = high(second.pair[k]);
        float ca = low(c.pair[k]), cb = high(c.pair[k]), sa = low(s.pair[k]), sb = high(s.pair[k]);
        left.pair[k] = pack(a * ca - y * sa, b0 * cb - z * sb);
        right.pair[k] = pack(y * ca + a * sa, z * cb + b0 * sb);
    }
    Eight *to = out + (i / half) * 2 * half + column;
    to[0] = left;
    to[half] = right;
}
