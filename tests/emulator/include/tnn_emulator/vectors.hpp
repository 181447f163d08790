#pragma once
// CUDA's vectors: char1 to double4, with make_float4 and its like, aligned as on the device.
// Compile with -fsanitize=alignment to see one loaded from elsewhere. (Few are used here, but
// Thrust knows all.)

#define TNN_EMULATOR_VECTOR4(T, name, suffix, align4) \
  struct alignas(align4) name##4##suffix {            \
    T x, y, z, w;                                     \
  };                                                  \
  constexpr name##4##suffix make_##name##4##suffix(T x, T y, T z, T w) { return {x, y, z, w}; }
#define TNN_EMULATOR_VECTORS(T, name, align4)                           \
  struct name##1 {                                                      \
    T x;                                                                \
  };                                                                    \
  struct alignas(2 * sizeof(T)) name##2 {                               \
    T x, y;                                                             \
  };                                                                    \
  struct name##3 {                                                      \
    T x, y, z;                                                          \
  };                                                                    \
  constexpr name##1 make_##name##1(T x) { return {x}; }                 \
  constexpr name##2 make_##name##2(T x, T y) { return {x, y}; }         \
  constexpr name##3 make_##name##3(T x, T y, T z) { return {x, y, z}; } \
  TNN_EMULATOR_VECTOR4(T, name, , align4)
#define TNN_EMULATOR_LONG_VECTORS(T, name) \
  TNN_EMULATOR_VECTORS(T, name, 16)        \
  TNN_EMULATOR_VECTOR4(T, name, _16a, 16)  \
  TNN_EMULATOR_VECTOR4(T, name, _32a, 32)

TNN_EMULATOR_VECTORS(signed char, char, 4)
TNN_EMULATOR_VECTORS(unsigned char, uchar, 4)
TNN_EMULATOR_VECTORS(short, short, 8)
TNN_EMULATOR_VECTORS(unsigned short, ushort, 8)
TNN_EMULATOR_VECTORS(int, int, 16)
TNN_EMULATOR_VECTORS(unsigned, uint, 16)
TNN_EMULATOR_VECTORS(float, float, 16)
TNN_EMULATOR_LONG_VECTORS(long, long)
TNN_EMULATOR_LONG_VECTORS(unsigned long, ulong)
TNN_EMULATOR_LONG_VECTORS(long long, longlong)
TNN_EMULATOR_LONG_VECTORS(unsigned long long, ulonglong)
TNN_EMULATOR_LONG_VECTORS(double, double)

#undef TNN_EMULATOR_LONG_VECTORS
#undef TNN_EMULATOR_VECTORS
#undef TNN_EMULATOR_VECTOR4

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  constexpr operator uint3() const { return {x, y, z}; }
};
