// bfloat16 to eight bits, the way of eight bits through memory, and products with them. Distances are in numbers.

// The larger of result[0] and the largest magnitude in x [rows, width], whose rows lie stride apart. Magnitudes are not
// negative, so that their bits are in the order of their values.
extern "C" __global__ void largest(const unsigned short *x, long long rows, long long width, long long stride, int *result) {
    long long eights = width / 8;
    unsigned int most = 0;
    for (long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x; i < rows * eights; i += (long long) gridDim.x * blockDim.x) {
        Eight e = *(const Eight *) (x + i / eights * stride + i % eights * 8);
        for (int k = 0; k < 4; k++) {
            unsigned int a = (e.pair[k] << 16) & 0x7fffffffu, b = e.pair[k] & 0x7fff0000u;
            most = max(most, max(a, b));
        }
    }
    for (int k = 16; k > 0; k /= 2) {
        most = max(most, __shfl_xor_sync(0xffffffffu, most, k));
    }
    if (threadIdx.x % 32 == 0) {
        atomicMax(result, (int) most);
    }
}

template <bool WIDE_RANGE>
__device__ __forceinline__ unsigned int two(float low, float high) {
    unsigned short both;
    if (WIDE_RANGE) {
        asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(both) : "f"(high), "f"(low));
    } else {
        asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(both) : "f"(high), "f"(low));
    }
    return both;
}

template <bool WIDE_RANGE>
__device__ __forceinline__ uint2 packed(Eight e, float inverse) {
    unsigned int word[2];
    for (int k = 0; k < 2; k++) {
        word[k] = two<WIDE_RANGE>(low(e.pair[2 * k]) * inverse, high(e.pair[2 * k]) * inverse)
                | two<WIDE_RANGE>(low(e.pair[2 * k + 1]) * inverse, high(e.pair[2 * k + 1]) * inverse) << 16;
    }
    return make_uint2(word[0], word[1]);
}

template <bool WIDE_RANGE>
__device__ __forceinline__ void scaled(
        const unsigned short *x, long long rows, long long width, long long stride, const float *most, float smallest, float limit,
        float *scale, unsigned char *out, long long outStride) {
    float unit = fmaxf(*most, smallest) / limit;
    long long eights = width / 8;
    long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x;
    if (i == 0) {
        *scale = unit;
    }
    if (i >= rows * eights) {
        return;
    }
    float inverse = 1.0f / unit;
    long long row = i / eights, column = i % eights * 8;
    Eight e = *(const Eight *) (x + row * stride + column);
    *(uint2 *) (out + row * outStride + column) = packed<WIDE_RANGE>(e, inverse);
}

// out [rows, width] of x / scale, for scale = most / limit: three bits of mantissa.
extern "C" __global__ void precise(
        const unsigned short *x, long long rows, long long width, long long stride, const float *most, float smallest, float limit,
        float *scale, unsigned char *out, long long outStride) {
    scaled<false>(x, rows, width, stride, most, smallest, limit, scale, out, outStride);
}

// The same with two bits of mantissa, and more range.
extern "C" __global__ void wideRange(
        const unsigned short *x, long long rows, long long width, long long stride, const float *most, float smallest, float limit,
        float *scale, unsigned char *out, long long outStride) {
    scaled<true>(x, rows, width, stride, most, smallest, limit, scale, out, outStride);
}

// A block stores its row, which is up to three parts side by side (widths in eights, together at most eight for a thread), as
// out = row / scale, for scale = its largest magnitude / limit.
template <bool WIDE_RANGE>
__device__ __forceinline__ void rows(
        const unsigned short *a, long long aWidth, long long aStride, const unsigned short *b, long long bWidth, long long bStride,
        const unsigned short *c, long long cWidth, long long cStride, float smallest, float limit, float *scale, unsigned char *out) {
    __shared__ unsigned int shared[32];
    long long row = blockIdx.x, width = aWidth + bWidth + cWidth;
    a += row * aStride;
    b += row * bStride - aWidth * 8;
    c += row * cStride - (aWidth + bWidth) * 8;
    Eight held[8];
    unsigned int most = 0;
#pragma unroll
    for (int k = 0; k < 8; k++) {
        long long i = threadIdx.x + k * (long long) blockDim.x;
        if (i < width) {
            held[k] = *(const Eight *) ((i < aWidth ? a : i < aWidth + bWidth ? b : c) + i * 8);
            for (int j = 0; j < 4; j++) {
                unsigned int x = (held[k].pair[j] << 16) & 0x7fffffffu, y = held[k].pair[j] & 0x7fff0000u;
                most = max(most, max(x, y));
            }
        }
    }
    for (int k = 16; k > 0; k /= 2) {
        most = max(most, __shfl_xor_sync(0xffffffffu, most, k));
    }
    if (threadIdx.x % 32 == 0) {
        shared[threadIdx.x / 32] = most;
    }
    __syncthreads();
    most = threadIdx.x % 32 < blockDim.x / 32 ? shared[threadIdx.x % 32] : 0;
    for (int k = 16; k > 0; k /= 2) {
        most = max(most, __shfl_xor_sync(0xffffffffu, most, k));
    }
    float unit = fmaxf(__uint_as_float(most), smallest) / limit;
    if (threadIdx.x == 0) {
        scale[row] = unit;
    }
    float inverse = 1.0f / unit;
#pragma unroll
    for (int k = 0; k < 8; k++) {
        long long i = threadIdx.x + k * (long long) blockDim.x;
        if (i < width) {
            *(uint2 *) (out + (row * width + i) * 8) = packed<WIDE_RANGE>(held[k], inverse);
        }
    }
}

extern "C" __global__ void __launch_bounds__(512) preciseRows(
        const unsigned short *a, long long aWidth, long long aStride, const unsigned short *b, long long bWidth, long long bStride,
        const unsigned short *c, long long cWidth, long long cStride, float smallest, float limit, float *scale, unsigned char *out) {
    rows<false>(a, aWidth, aStride, b, bWidth, bStride, c, cWidth, cStride, smallest, limit, scale, out);
}

extern "C" __global__ void __launch_bounds__(512) wideRows(
        const unsigned short *a, long long aWidth, long long aStride, const unsigned short *b, long long bWidth, long long bStride,
        const unsigned short *c, long long cWidth, long long cStride, float smallest, float limit, float *scale, unsigned char *out) {
    rows<true>(a, aWidth, aStride, b, bWidth, bStride, c, cWidth, cStride, smallest, limit, scale, out);
}

// out [columns, rows] of in [rows, columns], both multiples of 16: a block of 256 threads for each 64 x 64.
extern "C" __global__ void transposed(const unsigned char *in, unsigned char *out, int rows, int columns) {
    __shared__ unsigned char tile[64][64 + 4];
    int across = (columns + 63) / 64;
    int row = blockIdx.x / across * 64, column = blockIdx.x % across * 64;
    int r = threadIdx.x / 4, c = threadIdx.x % 4 * 16;
    if (row + r < rows && column + c < columns) {
        uint4 bytes = *(const uint4 *) (in + (long long) (row + r) * columns + column + c);
        unsigned int *to = (unsigned int *) &tile[r][c];
        to[0] = bytes.x;
        to[1] = bytes.y;
        to[2] = bytes.z;
        to[3] = bytes.w;
    }
    __syncthreads();
    if (column + r < columns && row + c < rows) {
        unsigned int word[4];
        for (int k = 0; k < 4; k++) {
            word[k] = tile[c + 4 * k][r] | tile[c + 4 * k + 1][r] << 8 | tile[c + 4 * k + 2][r] << 16 | (unsigned int) tile[c + 4 * k + 3][r] << 24;
        }
        *(uint4 *) (out + (long long) (column + r) * rows + row + c) = make_uint4(word[0], word[1], word[2], word[3]);
    }
}

// Two numbers of three bits of mantissa.
__device__ __forceinline__ float2 restored(unsigned short two) {
    unsigned int halves;
    asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(halves) : "h"(two));
    float2 both;
    asm("{ .reg .b16 a, b; mov.b32 {a, b}, %2; cvt.f32.f16 %0, a; cvt.f32.f16 %1, b; }" : "=f"(both.x), "=f"(both.y) : "r"(halves));
    return both;
}

// out [n, rows] = x [n, width] times the transpose of weights [rows, width], which are stored * scale: a warp for each row of
// weights, which are read once for all of x. Width is in sixteens; rows of x lie xStride apart.
template <int N>
__device__ __forceinline__ void times(
        const uint4 *weights, const unsigned short *x, unsigned short *out, const float *scale, long long rows, long long width,
        long long xStride) {
    long long row = (blockIdx.x * (long long) blockDim.x + threadIdx.x) / 32;
    if (row >= rows) {
        return;
    }
    float sums[N] = {};
#pragma unroll 2
    for (long long i = threadIdx.x % 32; i < width; i += 32) {
        uint4 stored = weights[row * width + i];
        unsigned int words[4] = {stored.x, stored.y, stored.z, stored.w};
        float weight[16];
#pragma unroll
        for (int k = 0; k < 8; k++) {
            float2 two = restored((unsigned short) (words[k / 2] >> (k % 2 * 16)));
            weight[2 * k] = two.x;
            weight[2 * k + 1] = two.y;
        }
#pragma unroll
        for (int n = 0; n < N; n++) {
            const Eight *from = (const Eight *) (x + n * xStride) + 2 * i;
            Eight halves[2] = {from[0], from[1]};
#pragma unroll
            for (int k = 0; k < 8; k++) {
                unsigned int pair = halves[k / 4].pair[k % 4];
                sums[n] += weight[2 * k] * low(pair) + weight[2 * k + 1] * high(pair);
            }
        }
    }
#pragma unroll
    for (int n = 0; n < N; n++) {
        for (int distance = 16; distance > 0; distance /= 2) {
            sums[n] += __shfl_xor_sync(0xffffffffu, sums[n], distance);
        }
        if (threadIdx.x % 32 == 0) {
            out[n * rows + row] = narrow(sums[n] * *scale);
        }
    }
}

#define TIMES(N) \
    extern "C" __global__ void __launch_bounds__(256) times##N( \
            const uint4 *weights, const unsigned short *x, unsigned short *out, const float *scale, long long rows, \
            long long width, long long xStride) { \
        times<N>(weights, x, out, scale, rows, width, xStride); \
    }

TIMES(1)
TIMES(2)
TIMES(3)
TIMES(4)
TIMES(5)
TIMES(6)
TIMES(7)
TIMES(8)
