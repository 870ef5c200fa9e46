// What our kernels share: bfloat16, read and written eight at a time (16 bytes a thread); arithmetic is float32.

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

__device__ __forceinline__ float wide(unsigned short number) {
    return low(number);
}

__device__ __forceinline__ unsigned short narrow(float number) {
    return (unsigned short) pack(number, 0.0f);
}

__device__ __forceinline__ void spread(Eight e, float *numbers) {
    for (int k = 0; k < 4; k++) {
        numbers[2 * k] = low(e.pair[k]);
        numbers[2 * k + 1] = high(e.pair[k]);
    }
}

__device__ const float LOWEST = -3.402823466e38f;
