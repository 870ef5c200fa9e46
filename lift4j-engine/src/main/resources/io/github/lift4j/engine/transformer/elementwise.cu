// What a block does number by number, in one pass over memory each. Distances are in eights.

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

// The gradients of gate and up for that of silu(gate) * up, [rows, width] all of them; their rows lie 2 * width apart.
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
    gateGradient[row * 2 * width + column] = dg;
    upGradient[row * 2 * width + column] = du;
}

// Turns x [batch, time, heads, 2 * half] into out, whose batches, times and heads lie the given distances apart, as those of x
// do; cosine and sine are [anglesBatch, time, half], where anglesBatch is 1 or the batch. Direction is 1, or -1 for back.
extern "C" __global__ void rotate(
        const Eight *x, const Eight *cosine, const Eight *sine, Eight *out, long long batch, long long time, long long heads,
        long long half, long long batchStride, long long timeStride, long long headStride, long long outBatchStride,
        long long outTimeStride, long long outHeadStride, int anglesEach, float direction) {
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
        float ca = low(c.pair[k]), cb = high(c.pair[k]), sa = direction * low(s.pair[k]);
        float sb = direction * high(s.pair[k]);
        left.pair[k] = pack(a * ca - y * sa, b0 * cb - z * sb);
        right.pair[k] = pack(y * ca + a * sa, z * cb + b0 * sb);
    }
    Eight *to = out + b * outBatchStride + t * outTimeStride + head * outHeadStride + column;
    to[0] = left;
    to[half] = right;
}

// What the threads of a block have, taken together; all of them get it. shared has room for one number a warp.
template <class Merge>
__device__ __forceinline__ float together(float mine, float none, float *shared, Merge merge) {
    for (int distance = 16; distance > 0; distance /= 2) {
        mine = merge(mine, __shfl_xor_sync(0xffffffffu, mine, distance));
    }
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        shared[threadIdx.x / 32] = mine;
    }
    __syncthreads();
    mine = threadIdx.x % 32 < blockDim.x / 32 ? shared[threadIdx.x % 32] : none;
    for (int distance = 16; distance > 0; distance /= 2) {
        mine = merge(mine, __shfl_xor_sync(0xffffffffu, mine, distance));
    }
    return mine;
}

struct Larger {
    __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

struct Sum {
    __device__ float operator()(float a, float b) const { return a + b; }
};

// A block makes its rows of out = past + the gradient of x for one of weight * x / sqrt(mean(x^2) + epsilon); where the weight
// is trained, shares [blocks, width] gets what those rows give to its gradient. Width is at most two eights a thread. All of a
// row is read before anything is summed, so that the memory is kept busy.
extern "C" __global__ void __launch_bounds__(512) normBack(
        const Eight *x, const Eight *weight, const Eight *gradient, const Eight *past, Eight *out, float *shares, long long rows,
        int width, float epsilon, int trained) {
    __shared__ float shared[32];
    float sums[2][8] = {};
    for (long long row = blockIdx.x; row < rows; row += gridDim.x) {
        long long from = row * width;
        Eight numbers[2], gradients[2], rests[2];
        float squares = 0.0f, products = 0.0f;
#pragma unroll
        for (int k = 0; k < 2; k++) {
            int i = threadIdx.x + k * blockDim.x;
            if (i < width) {
                numbers[k] = x[from + i];
                gradients[k] = gradient[from + i];
                rests[k] = past[from + i];
            }
        }
#pragma unroll
        for (int k = 0; k < 2; k++) {
            int i = threadIdx.x + k * blockDim.x;
            if (i < width) {
                Eight w = weight[i];
                for (int j = 0; j < 4; j++) {
                    float a = low(numbers[k].pair[j]), b = high(numbers[k].pair[j]);
                    float da = low(gradients[k].pair[j]) * low(w.pair[j]), db = high(gradients[k].pair[j]) * high(w.pair[j]);
                    squares += a * a + b * b;
                    products += a * da + b * db;
                }
            }
        }
        squares = together(squares, 0.0f, shared, Sum());
        products = together(products, 0.0f, shared, Sum());
        float inverse = rsqrtf(squares / (8.0f * width) + epsilon);
        float lost = products * inverse * inverse / (8.0f * width);
#pragma unroll
        for (int k = 0; k < 2; k++) {
            int i = threadIdx.x + k * blockDim.x;
            if (i < width) {
                Eight w = weight[i], o;
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    float a = low(numbers[k].pair[j]), b = high(numbers[k].pair[j]);
                    float da = low(gradients[k].pair[j]), db = high(gradients[k].pair[j]);
                    sums[k][2 * j] += da * a * inverse;
                    sums[k][2 * j + 1] += db * b * inverse;
                    o.pair[j] = pack(
                            low(rests[k].pair[j]) + (da * low(w.pair[j]) - a * lost) * inverse,
                            high(rests[k].pair[j]) + (db * high(w.pair[j]) - b * lost) * inverse);
                }
                out[from + i] = o;
            }
        }
    }
    if (trained) {
#pragma unroll
        for (int k = 0; k < 2; k++) {
            int i = threadIdx.x + k * blockDim.x;
            if (i < width) {
                for (int j = 0; j < 8; j++) {
                    shares[(blockIdx.x * (long long) width + i) * 8 + j] = sums[k][j];
                }
            }
        }
    }
}

// A block turns its row of logits [vocabulary] into weight * (softmax - probabilities), where a target has probabilities of
// a few ids, at most as many as the block has threads; losses gets its weighted cross entropy.
extern "C" __global__ void __launch_bounds__(512) lossGradient(
        Eight *logits, const long long *ids, const float *probabilities, const float *weights, float *losses,
        long long vocabulary, long long width) {
    __shared__ float shared[32];
    long long row = blockIdx.x;
    Eight *own = logits + row * vocabulary;
    const long long *tokens = ids + row * width;
    const float *shares = probabilities + row * width;
    float weight = weights[row];
    float most = LOWEST, sum = 0.0f;
    for (long long i = threadIdx.x; i < vocabulary; i += blockDim.x) {
        Eight x = own[i];
        float larger = most;
        for (int k = 0; k < 4; k++) {
            larger = fmaxf(larger, fmaxf(low(x.pair[k]), high(x.pair[k])));
        }
        sum *= __expf(most - larger);
        most = larger;
        for (int k = 0; k < 4; k++) {
            sum += __expf(low(x.pair[k]) - most) + __expf(high(x.pair[k]) - most);
        }
    }
    float all = together(most, LOWEST, shared, Larger());
    float total = together(sum * __expf(most - all), 0.0f, shared, Sum());
    float normaliser = all + __logf(total);

    // Read before it is written over.
    bool target = threadIdx.x < width;
    unsigned short *numbers = (unsigned short *) own;
    float logit = target ? __uint_as_float((unsigned int) numbers[tokens[threadIdx.x]] << 16) : 0.0f;
    float loss = together(target ? weight * shares[threadIdx.x] * (normaliser - logit) : 0.0f, 0.0f, shared, Sum());
    if (threadIdx.x == 0) {
        losses[row] = loss;
    }
    for (long long i = threadIdx.x; i < vocabulary; i += blockDim.x) {
        Eight x = own[i];
        for (int k = 0; k < 4; k++) {
            x.pair[k] = pack(weight * __expf(low(x.pair[k]) - normaliser), weight * __expf(high(x.pair[k]) - normaliser));
        }
        own[i] = x;
    }
    __syncthreads();
    if (target) {
        float share = 0.0f;
        for (long long k = 0; k < width; k++) {
            share += tokens[k] == tokens[threadIdx.x] ? shares[k] : 0.0f;
        }
        numbers[tokens[threadIdx.x]] = (unsigned short) pack(weight * (__expf(logit - normaliser) - share), 0.0f);
    }
}
