// The newest token of each of some rows attends to all before it: its query and key are turned, key and value are kept in the
// row's cache, and values are mixed by one softmax over a prefix that all rows share and the row's own tokens. Distances are in
// numbers; widths of heads are powers of two from 8 to 256.

static const int THREADS = 128;
static const int WIDEST = 256;

// Where a row's tokens lie, and which of them its newest one sees. column is the newest's, the same for all rows; the first none
// columns of a row are no tokens. Of no more than window tokens, where that is not 0, the last is the newest itself.
struct Seen {
    long long column, first, skipped, count;

    __device__ Seen(long long column, long long none, long long prefix, long long window) : column(column), first(none), skipped(0) {
        if (window > 0) {
            first = max(first, column - window + 1);
            skipped = min(prefix, max(0LL, column - none + prefix - window + 1));
        }
        first = min(first, column);
        count = prefix - skipped + column - first + 1;
    }
};

// Halves of a head, the one turned with the other, rounded as they are kept.
__device__ __forceinline__ void turned(
        const unsigned short *head, const unsigned short *cosine, const unsigned short *sine, int half, int at, float scale, float *out) {
    float a = wide(head[at]), b = wide(head[at + half]), c = wide(cosine[at]), s = wide(sine[at]);
    out[at] = scale * wide(narrow(a * c - b * s));
    out[at + half] = scale * wide(narrow(b * c + a * s));
}

// A block takes a share of the keys of one key-value head of one row, for the GROUP query heads that it serves; some threads side by
// side take a key, 16 bytes each. Where there is more than one share, shares [rows, heads, splits, width + 2] gets sums, the largest
// score and the sum of weights; else out [rows, heads, width] gets what comes of them.
template <int GROUP>
__device__ __forceinline__ void attend(
        const unsigned short *q, const unsigned short *k, const unsigned short *v, const unsigned short *cosine,
        const unsigned short *sine, unsigned short *keys, unsigned short *values, const unsigned short *prefixKeys,
        const unsigned short *prefixValues, const long long *column, const long long *padding, unsigned short *out, float *shares,
        long long qStride, long long kStride, long long vStride, long long rowStride, long long headStride, long long prefixStride,
        long long prefix, long long window, int keyHeads, int width, int splits, int anglesEach, float scale) {
    __shared__ float queries[GROUP * WIDEST];
    __shared__ float newest[WIDEST];
    __shared__ float merging[THREADS * 8 + THREADS * 2];
    int split = blockIdx.x % splits, keyHead = blockIdx.x / splits % keyHeads, half = width / 2;
    long long row = blockIdx.x / splits / keyHeads;
    const unsigned short *angles = cosine + (anglesEach ? row * half : 0), *otherAngles = sine + (anglesEach ? row * half : 0);
    for (int i = threadIdx.x; i < (GROUP + 1) * half; i += THREADS) {
        int which = i / half, at = i % half;
        bool query = which < GROUP;
        const unsigned short *head = query ? q + row * qStride + (keyHead * GROUP + which) * width : k + row * kStride + keyHead * width;
        turned(head, angles, otherAngles, half, at, query ? scale : 1.0f, query ? queries + which * width : newest);
    }
    __syncthreads();

    Seen seen(*column, padding[row], prefix, window);
    long long each = (seen.count + splits - 1) / splits;
    long long from = split * each, to = min(seen.count, from + each), last = seen.count - 1;
    long long ofPrefix = prefix - seen.skipped;
    const unsigned short *newestValue = v + row * vStride + keyHead * width;
    long long own = row * rowStride + keyHead * headStride;
    if (from <= last && last < to) {
        for (int i = threadIdx.x; i < width; i += THREADS) {
            keys[own + seen.column * width + i] = narrow(newest[i]);
            values[own + seen.column * width + i] = newestValue[i];
        }
    }

    int lanes = width / 8, part = threadIdx.x % lanes, taker = threadIdx.x / lanes, takers = THREADS / lanes;
    float query[GROUP][8], sums[GROUP][8], most[GROUP], total[GROUP];
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
        most[g] = LOWEST;
        total[g] = 0.0f;
        for (int j = 0; j < 8; j++) {
            query[g][j] = queries[g * width + part * 8 + j];
            sums[g][j] = 0.0f;
        }
    }
    // All threads go round equally often: they exchange scores.
    for (long long base = from; base < to; base += takers) {
        long long i = base + taker;
        bool there = i < to;
        float key[8] = {}, value[8] = {};
        if (there && i == last) {
            for (int j = 0; j < 8; j++) {
                key[j] = newest[part * 8 + j];
            }
            spread(*(const Eight *) (newestValue + part * 8), value);
        } else if (there) {
            bool shared = i < ofPrefix;
            long long at = shared ? keyHead * prefixStride + (seen.skipped + i) * width : own + (seen.first + i - ofPrefix) * width;
            spread(*(const Eight *) ((shared ? prefixKeys : keys) + at + part * 8), key);
            spread(*(const Eight *) ((shared ? prefixValues : values) + at + part * 8), value);
        }
#pragma unroll
        for (int g = 0; g < GROUP; g++) {
            float score = 0.0f;
            for (int j = 0; j < 8; j++) {
                score += key[j] * query[g][j];
            }
            for (int distance = lanes / 2; distance > 0; distance /= 2) {
                score += __shfl_xor_sync(0xffffffffu, score, distance);
            }
            if (there) {
                float larger = fmaxf(most[g], score), kept = __expf(most[g] - larger), weight = __expf(score - larger);
                total[g] = total[g] * kept + weight;
                for (int j = 0; j < 8; j++) {
                    sums[g][j] = sums[g][j] * kept + weight * value[j];
                }
                most[g] = larger;
            }
        }
    }
#pragma unroll
    for (int g = 0; g < GROUP; g++) {
        float *mine = merging + taker * (width + 2);
        for (int j = 0; j < 8; j++) {
            mine[part * 8 + j] = sums[g][j];
        }
        if (part == 0) {
            mine[width] = most[g];
            mine[width + 1] = total[g];
        }
        __syncthreads();
        long long head = (row * keyHeads + keyHead) * GROUP + g;
        for (int i = threadIdx.x; i < width; i += THREADS) {
            float largest = LOWEST, sum = 0.0f, weights = 0.0f;
            for (int t = 0; t < takers; t++) {
                largest = fmaxf(largest, merging[t * (width + 2) + width]);
            }
            for (int t = 0; t < takers; t++) {
                float kept = __expf(merging[t * (width + 2) + width] - largest);
                sum += kept * merging[t * (width + 2) + i];
                weights += kept * merging[t * (width + 2) + width + 1];
            }
            if (splits == 1) {
                out[head * width + i] = narrow(sum / weights);
            } else {
                float *share = shares + (head * splits + split) * (width + 2);
                share[i] = sum;
                share[width] = largest;
                share[width + 1] = weights;
            }
        }
        __syncthreads();
    }
}

#define ATTEND(GROUP) \
    extern "C" __global__ void __launch_bounds__(THREADS) attend##GROUP( \
            const unsigned short *q, const unsigned short *k, const unsigned short *v, const unsigned short *cosine, \
            const unsigned short *sine, unsigned short *keys, unsigned short *values, const unsigned short *prefixKeys, \
            const unsigned short *prefixValues, const long long *column, const long long *padding, unsigned short *out, \
            float *shares, long long qStride, long long kStride, long long vStride, long long rowStride, long long headStride, \
            long long prefixStride, long long prefix, long long window, int keyHeads, int width, int splits, int anglesEach, \
            float scale) { \
        attend<GROUP>( \
                q, k, v, cosine, sine, keys, values, prefixKeys, prefixValues, column, padding, out, shares, qStride, kStride, \
                vStride, rowStride, headStride, prefixStride, prefix, window, keyHeads, width, splits, anglesEach, scale); \
    }

ATTEND(1)
ATTEND(2)
ATTEND(3)
ATTEND(4)
ATTEND(5)
ATTEND(6)
ATTEND(7)
ATTEND(8)

// A block merges the shares of one head of one row into out [rows, heads, width], a thread for each number.
extern "C" __global__ void merge(const float *shares, unsigned short *out, int width, int splits) {
    const float *mine = shares + blockIdx.x * (long long) splits * (width + 2);
    float largest = LOWEST, sum = 0.0f, weights = 0.0f;
    for (int s = 0; s < splits; s++) {
        largest = fmaxf(largest, mine[s * (width + 2) + width]);
    }
    for (int s = 0; s < splits; s++) {
        float kept = __expf(mine[s * (width + 2) + width] - largest);
        sum += kept * mine[s * (width + 2) + threadIdx.x];
        weights += kept * mine[s * (width + 2) + width + 1];
    }
    out[blockIdx.x * (long long) width + threadIdx.x] = narrow(sum / weights);
}
