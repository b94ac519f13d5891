// SPDX-License-Identifier: Apache-2.0
// The matrices of F(2, 3) (winograd_tiles.h), y = A^T ((G w) * (B^T d)), and their transposes, which gradients go
// through. An element is a number, or a row of numbers, so that both_sides() is rows first, then columns.
#pragma once

namespace sslbench::winograd {

#define SSLBENCH_WINOGRAD __attribute__((always_inline)) constexpr

template <class X>
struct Two {
  X a, b;
};
template <class X>
Two(X, X) -> Two<X>;
template <class X>
struct Three {
  X a, b, c;
};
template <class X>
Three(X, X, X) -> Three<X>;
template <class X>
struct Four {
  X a, b, c, d;
};
template <class X>
Four(X, X, X, X) -> Four<X>;

template <class X>
SSLBENCH_WINOGRAD Two<X> operator+(const Two<X>& l, const Two<X>& r) {
  return {l.a + r.a, l.b + r.b};
}
template <class X>
SSLBENCH_WINOGRAD Two<X> operator-(const Two<X>& l, const Two<X>& r) {
  return {l.a - r.a, l.b - r.b};
}
template <class X>
SSLBENCH_WINOGRAD Three<X> operator+(const Three<X>& l, const Three<X>& r) {
  return {l.a + r.a, l.b + r.b, l.c + r.c};
}
template <class X>
SSLBENCH_WINOGRAD Three<X> operator-(const Three<X>& l, const Three<X>& r) {
  return {l.a - r.a, l.b - r.b, l.c - r.c};
}
template <class X>
SSLBENCH_WINOGRAD Three<X> operator*(float by, const Three<X>& x) {
  return {by * x.a, by * x.b, by * x.c};
}
template <class X>
SSLBENCH_WINOGRAD Four<X> operator+(const Four<X>& l, const Four<X>& r) {
  return {l.a + r.a, l.b + r.b, l.c + r.c, l.d + r.d};
}
template <class X>
SSLBENCH_WINOGRAD Four<X> operator-(const Four<X>& l, const Four<X>& r) {
  return {l.a - r.a, l.b - r.b, l.c - r.c, l.d - r.d};
}
template <class X>
SSLBENCH_WINOGRAD Four<X> operator*(float by, const Four<X>& x) {
  return {by * x.a, by * x.b, by * x.c, by * x.d};
}

struct OfInput {  // B^T
  template <class X>
  SSLBENCH_WINOGRAD Four<X> operator()(const Four<X>& d) const {
    return {d.a - d.c, d.b + d.c, d.c - d.b, d.b - d.d};
  }
};
struct OfWeight {  // G
  template <class X>
  SSLBENCH_WINOGRAD Four<X> operator()(const Three<X>& w) const {
    const X outer = w.a + w.c;
    return {w.a, 0.5f * (outer + w.b), 0.5f * (outer - w.b), w.c};
  }
};
struct OfProduct {  // A^T
  template <class X>
  SSLBENCH_WINOGRAD Two<X> operator()(const Four<X>& m) const {
    return {m.a + m.b + m.c, m.b - m.c - m.d};
  }
};
struct OfOutputGradient {  // A
  template <class X>
  SSLBENCH_WINOGRAD Four<X> operator()(const Two<X>& y) const {
    return {y.a, y.a + y.b, y.a - y.b, -1.0f * y.b};
  }
};
struct OfProductGradient {  // G^T
  template <class X>
  SSLBENCH_WINOGRAD Three<X> operator()(const Four<X>& m) const {
    const X half = 0.5f * (m.b + m.c);
    return {m.a + half, 0.5f * (m.b - m.c), half + m.d};
  }
};

template <class Matrix>
SSLBENCH_WINOGRAD auto both_sides(const Matrix& matrix, const Two<Two<float>>& s) {
  return matrix(Two{matrix(s.a), matrix(s.b)});
}
template <class Matrix>
SSLBENCH_WINOGRAD auto both_sides(const Matrix& matrix, const Three<Three<float>>& s) {
  return matrix(Three{matrix(s.a), matrix(s.b), matrix(s.c)});
}
template <class Matrix>
SSLBENCH_WINOGRAD auto both_sides(const Matrix& matrix, const Four<Four<float>>& s) {
  return matrix(Four{matrix(s.a), matrix(s.b), matrix(s.c), matrix(s.d)});
}

}  // namespace sslbench::winograd
