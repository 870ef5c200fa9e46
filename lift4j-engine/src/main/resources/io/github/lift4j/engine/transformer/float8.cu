// bfloat16 to eight bits and the way of eight bits through memory. 16 bytes a thread; distances are in numbers.

struct alignas(16) Eight {
    unsigned int pair[4];
};

__device__ __forceinline__ float low(unsigned int pair) {
    return __uint_as_float(pair << 16);
}

__device__ __forceinline__ float high(unsigned int pair) {
    return __uint_as_float(pair & 0xffff0000u);
}

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
    unsigned int packed[2];
    for (int k = 0; k < 2; k++) {
        packed[k] = two<WIDE_RANGE>(low(e.pair[2 * k]) * inverse, high(e.pair[2 * k]) * inverse)
                | two<WIDE_RANGE>(low(e.pair[2 * k + 1]) * inverse, high(e.pair[2 * k + 1]) * inverse) << 16;
    }
    *(uint2 *) (out + row * outStride + column) = make_uint2(packed[0], packed[1]);
}

// out [rows, width] of x / scale, for scale = most / limit: three bits of mantissa.
extern "C" __global__ void precise(
        const unsigned short *x, long long rows, long long width, long long stride, const float *most, float smallest, float limit,
        float *scale, unsigned char *out, long long outStride) {
    scaled<false>(x, rows, width, stride, most, smallest, limit, scale, out, outStride);
}

// The same with two bits of mantissa, and more range.
extern "C" __global__ void wide(
        const unsigned short *x, long long rows, long long width, long long stride, const float *most, float smallest, float limit,
        float *scale, unsigned char *out, long long outStride) {
    scaled<true>(x, rows, width, stride, most, smallest, limit, scale, out, outStride);
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
