/* language_tour: a spiking network as a C program, emitted by netspec.

   `simulate.py` says of which description it is, compiles it, gives it its arrays and runs it. All
   numbers are in SI units. `work`, `begin_step` and `end_step`, near the end, are a step. Its order
   and rounding decide about every bit: compile without contraction or fast math.
*/

#define _GNU_SOURCE
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#if defined(__FAST_MATH__) || __FLT_EVAL_METHOD__ == 2 || __FLT_EVAL_METHOD__ < 0
#error "results would differ: neither fast math nor numbers wider than double may be used"
#endif

/* Before loops whose turns have nothing to do with each other: no two arrays of a block overlap. */
#if defined(__clang__)
#define SIDE_BY_SIDE _Pragma("clang loop vectorize(assume_safety)")
#else
#define SIDE_BY_SIDE _Pragma("GCC ivdep")
#endif

#if !defined(__clang__)
/* gcc shall not split loops by choices between numbers, and shall mix what does not wait for each
   other, as a processor cannot do it over hundreds of operations. No result changes. */
#pragma GCC optimize("no-thread-jumps", "schedule-insns", "sched-pressure")
#if defined(__AVX512F__)
#pragma GCC target("prefer-vector-width=512")  /* the compiler would use half of it */
#endif
#endif

/* A compiler keeps one core busy. Where there are more, the file is compiled in pieces, which are then
   linked: with -DPIECES=2 -DPIECE=0 the first half of the sections between `#if HERE` and `#endif`,
   with -DPIECE=1 the second. The last section takes as long as 3 others. */
#if defined(PIECES)
#define HERE(section) ((section) * PIECES / 7 == PIECE)
#define LINKED __attribute__((visibility("hidden")))
#else
#define HERE(section) 1
#define LINKED static
#endif

enum { BLOCK = 256 };  /* neurons that are advanced together: their state stays in the cache */

static const double dt = 0.0001;  /* s */

static inline int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* population gated: 3 neurons, equations, exponential_euler
     dV/dt = (-0.054[V] - V + 120.0 * (n * n * (n * n)) * (-0.077[V] - V)) / 0.003[s]
     dn/dt = alpha * (1.0 - n) - beta * n
     alpha = 100.0[Hz] / exprel(-(V + 0.055[V]) / 0.01[V])
     beta = 125.0[Hz] * exp(-(V + 0.065[V]) / 0.08[V])
*/

/* population owns: 5 neurons, equations, euler_maruyama
     dI_bath/dt = (mu_bath - I_bath) / tau_bath + sigma_bath * sqrt(2.0 / tau_bath) * xi_bath
     dV/dt = pull + I_syn / 2e-10[F] + sigma * sqrt(2.0 / tau) * xi
     ds_gating/dt = alpha_gating * x_gating * (1.0 - s_gating) - s_gating / tau_decay_gating
     dtide/dt = (1.0 - tide) / tau
     dx_gating/dt = -x_gating / tau_rise_gating
     current_listed = amplitude_listed
     current_bath = I_bath
     current_gap = gathered_gap
     pull = (-0.06[V] + 0.005[V] * tide - V) / tau
     unblocked_pool = 1.0 / (1.0 + Mg_pool / beta_pool * exp(-alpha_pool * (V + gamma_pool)))
     current_pool = g_pool * gathered_pool * unblocked_pool * (E_rev_pool - V)
     I_syn = current_bath + current_gap + current_listed + current_pool
     spike when V > -0.06[V] and _draw_0 < 0.3 and not _held: _refractory = integer(where(floor((0.0005[s] + 0.0001[s] * real(count)) / dt + 0.5) > 0.0, min(floor((0.0005[s] + 0.0001[s] * real(count)) / dt + 0.5), 2147483647.0), 0.0)), V = -0.07[V] + 0.001[V] * _draw_1, count = count + 1, lot = 6364136223846793005 * lot + 1442695040888963407
     rise when V + 0.065[V] > 0.0[V] and _previous_V + 0.065[V] <= 0.0[V]
*/
static const double owns_E_rev_pool = 0.0;  /* V */
static const double owns_Mg_pool = 1.0;  /* mol/m**3 */
static const double owns_alpha_gating = 500.0;  /* Hz */
static const double owns_alpha_pool = 62.0;  /* 1/V */
static const double owns_beta_pool = 3.57;  /* mol/m**3 */
static const double owns_g_pool = 1e-10;  /* S */
static const double owns_gamma_pool = 0.0;  /* V */
static const double owns_mu_bath = 0.0;  /* A */
static const double owns_rate_least_drive = 0.0;  /* Hz */
static const double owns_rate_mean_drive = 2000.0;  /* Hz */
static const double owns_rate_sd_drive = 1000.0;  /* Hz */
static const double owns_sigma = 0.001;  /* V */
static const double owns_sigma_bath = 2e-11;  /* A */
static const double owns_tau = 0.005;  /* s */
static const double owns_tau_bath = 0.005;  /* s */
static const double owns_tau_decay_gating = 0.1;  /* s */
static const double owns_tau_rise_gating = 0.002;  /* s */
static const double owns_weight_drive_on_grid = 0.0003000000142492354;  /* V */

/* population pair: 2 neurons, correlated_poisson, common_source
     spike when _common > 0.5 or _own > 0.5
*/
static const double pair_correlation = 0.4;

/* --- netspec's own functions ------------------------------------------------------------------ */

/* The whole e of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double netspec_exponent(double x) {
    uint64_t bits;
    double shifted;
    memcpy(&bits, &x, sizeof bits);
    /* As the low bits of 2**52 + e + 1023: no conversion, so it vectorises everywhere. */
    bits = (bits >> 52) | UINT64_C(0x4330000000000000);
    memcpy(&shifted, &bits, sizeof shifted);
    return shifted - 4503599627371519.0;
}

/* The m of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double netspec_mantissa(double x) {
    uint64_t bits;
    double fraction;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    memcpy(&fraction, &bits, sizeof fraction);
    return fraction;
}

/* 2**k for whole k from -1022 to 1023, infinity for 1024. */
static inline double netspec_pow2(double k) {
    /* In this sum, k + 1023 is what the low bits hold: the exponent field of the result. */
    double shifted = k + 6755399441056767.0;
    double power;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = bits << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* The smaller of two numbers; NaN if one is NaN. */
static inline double netspec_min(double a, double b) {
    return (a < b || a != a ? a : b);
}

/* The larger of two numbers; NaN if one is NaN. */
static inline double netspec_max(double a, double b) {
    return (a > b || a != a ? a : b);
}

/* e**r - 1 - r for |r| <= ln(2)/2. */
static inline double netspec_exp_tail(double r) {
    const double square = r * r;
    const double fourth = square * square;
    const double series_0 = 0.1666666666666667 + r * 0.04166666666666667;
    const double series_2 = 0.008333333333326141 + r * 0.0013888888888883752;
    const double series_4 = 0.00019841269874800493 + r * 2.4801587325533363e-05;
    const double series_6 = 2.7557255425746435e-06 + r * 2.7557273661348637e-07;
    const double series_8 = 2.510520637395701e-08 + r * 2.0914679376583935e-09;
    const double series_from_4 = series_4 + square * series_6 + fourth * series_8;
    const double series = series_0 + square * series_2 + fourth * series_from_4;
    return 0.5 * square + r * square * series;
}

/* The product x * 2**k for a whole k within [-1080, 1080], rounded once if subnormal. */
static inline double netspec_scale(double x, double k) {
    const double half = 0.5 * k + 6755399441055744.0 - 6755399441055744.0;
    return x * netspec_pow2(half) * netspec_pow2(k - half);
}

/* e**x to 1 ulp. */
static inline double netspec_exp(double x) {
    const double below = (x > 710.0 ? 710.0 : x);
    const double bounded = (below < -746.0 ? -746.0 : below);
    const double k = bounded * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0;
    const double high = bounded - k * 0.6931471803691238;
    const double low = k * 1.9082149292705877e-10;
    return netspec_scale(1.0 + (high + (netspec_exp_tail(high - low) - low)), k);
}

/* (e**x - 1)/x for |x| <= 1/2 to 1 ulp. */
static inline double netspec_exprel_near(double x) {
    const double square = x * x;
    const double fourth = square * square;
    const double series_0 = 0.5 + x * 0.1666666666666722;
    const double series_2 = 0.04166666666666706 + x * 0.008333333333075146;
    const double series_4 = 0.001388888888870455 + x * 0.00019841270281832442;
    const double series_6 = 2.4801587616145414e-05 + x * 2.7556979476271894e-06;
    const double series_8 = 2.7557076636642725e-07 + x * 2.517282043357941e-08;
    const double series_from_8 = series_8 + square * 2.0962955815976076e-09;
    const double series_from_4 = series_4 + square * series_6 + fourth * series_from_8;
    const double series = series_0 + square * series_2 + fourth * series_from_4;
    return 1.0 + x * series;
}

/* (e**x - 1)/x to 2 ulp; exprel_near(x) for |x| <= 1/2. */
static inline double netspec_exprel(double x) {
    const double below = (x > 717.0 ? 717.0 : x);
    const double bounded = (below < -37.5 ? -37.5 : below);
    const double nearest = bounded * 1.4426950408889634 + 6755399441055744.0 - 6755399441055744.0;
    const double k = (fabs(x) <= 0.5 ? 0.0 : nearest);
    const double high = bounded - k * 0.6931471803691238;
    const double low = k * 1.9082149292705877e-10;
    const double r = high - low;
    const double square = r * r;
    const double fourth = square * square;
    const double series_0 = 0.5 + r * 0.1666666666666722;
    const double series_2 = 0.04166666666666706 + r * 0.008333333333075146;
    const double series_4 = 0.001388888888870455 + r * 0.00019841270281832442;
    const double series_6 = 2.4801587616145414e-05 + r * 2.7556979476271894e-06;
    const double series_8 = 2.7557076636642725e-07 + r * 2.517282043357941e-08;
    const double series_from_8 = series_8 + square * 2.0962955815976076e-09;
    const double series_from_4 = series_4 + square * series_6 + fourth * series_from_8;
    const double series = series_0 + square * series_2 + fourth * series_from_4;
    const double excess = r * series;
    const double near = 1.0 + excess;
    const double unit = netspec_pow2(k - 11.0);
    const double scaled = unit * (high + (r * excess - low)) + (unit - 0.00048828125);
    return (fabs(x) <= 0.5 ? near : scaled / below * 2048.0);
}

/* log(normal * 2**shift) + extra for a positive normal number and a whole shift. */
static inline double netspec_log_sum(double normal, double shift, double extra) {
    const double fraction = netspec_mantissa(normal);
    const double half = 0.5 * fraction;
    const double m = (fraction > 1.4142135623730951 ? half : fraction);
    const double carry = (fraction > 1.4142135623730951 ? 1.0 : 0.0);
    const double e = netspec_exponent(normal) + shift + carry;
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double upper = 0.18182889125261723 + z * (0.15331721600556042 + z * 0.14616449685043406);
    const double middle = 0.28571428625975487 + z * (0.2222221113479508 + z * upper);
    const double series = z * (0.666666666666667 + z * (0.39999999999899505 + z * middle));
    const double square = 0.5 * f * f;
    const double low = s * (square + series) + (e * 1.9082149292705877e-10 + extra) - square;
    const double whole = e * 0.6931471803691238;
    const double total = whole + f;
    const double error = whole - total + f;
    return total + (error + low);
}

/* The natural logarithm to 1 ulp; -infinity at 0, NaN below. */
static inline double netspec_log(double x) {
    const double scaled = x * 1.8014398509481984e+16;
    const double normal = (x < 2.2250738585072014e-308 ? scaled : x);
    const double shift = (x < 2.2250738585072014e-308 ? -54.0 : 0.0);
    const double finite = netspec_log_sum(normal, shift, 0.0);
    const double infinity = netspec_pow2(1024.0);
    const double invalid = infinity - infinity;
    const double above = (x > 1.7976931348623157e+308 ? x : finite);
    const double upward = (x > 0.0 ? above : invalid);
    return (x == 0.0 ? -infinity : upward);
}

/* sin(r + rest) for |r| <= pi/4 and a rest that is small beside it. */
static inline double netspec_sine_near(double r, double rest) {
    const double z = r * r;
    const double series_4 = -2.5052106232447578e-08 + z * (1.6058531618986147e-10 + z * -7.586697117706918e-13);
    const double series_2 = -0.00019841269841265065 + z * (2.7557319219339167e-06 + z * series_4);
    const double series = -0.16666666666666666 + z * (0.008333333333333331 + z * series_2);
    return r + (rest + r * z * series);
}

/* cos(r + rest) for |r| <= pi/4 and a rest that is small beside it. */
static inline double netspec_cosine_near(double r, double rest) {
    const double z = r * r;
    const double series_3 = -2.7557317271729793e-07 + z * (2.08761462684032e-09 + z * -1.1382632425521717e-11);
    const double series_1 = -0.0013888888888887398 + z * (2.480158729876569e-05 + z * series_3);
    const double series = 0.041666666666666664 + z * series_1;
    const double half = 0.5 * z;
    const double total = 1.0 - half;
    const double error = 1.0 - total - half;
    return total + (error + (z * z * series - r * rest));
}

/* sin(x + quarters*pi/2) for whole quarters, to 1 ulp for |x| <= 2**20. */
static inline double netspec_sine_shifted(double x, double quarters) {
    const double bounded = (fabs(x) > 2251799813685248.0 ? 0.0 * x : x);
    const double k = bounded * 0.6366197723675814 + 6755399441055744.0 - 6755399441055744.0;
    const double coarse = bounded - k * 1.5707963267341256;
    const double second = k * 6.077100506303966e-11;
    const double fine = coarse - second;
    const double lost = coarse - fine - second;
    const double third = lost - k * 2.0222662487111665e-21;
    const double r = fine + third;
    const double rest = fine - r + third - k * 8.4784276603689e-32;
    const double moved = k + quarters;
    const double turn = moved - 4.0 * (0.25 * moved + 6755399441055744.0 - 6755399441055744.0);
    const double size = fabs(turn);
    const double even = 1.0 - size;
    const double odd = turn * (2.0 - size);
    return even * netspec_sine_near(r, rest) + odd * netspec_cosine_near(r, rest);
}

/* The sine to 1 ulp for |x| <= 2**20. */
static inline double netspec_sin(double x) {
    return (x == 0.0 ? x : netspec_sine_shifted(x, 0.0));
}

/* Where the normal distribution function is p, to 4 ulp; NaN unless 0 < p < 1. */
static inline double netspec_normal_quantile(double p) {
    const double q = p - 0.5;
    const double r = 0.180625 - q * q;
    const double centre_A_5 = -31003.968573223076 + r * (-38392.138755716725 + r * -10557.157268402014);
    const double centre_A_3 = 246.20371194758334 + r * (-7112.5318224166185 + r * centre_A_5);
    const double centre_A_1 = 27.358341137782098 + r * (253.62343157640666 + r * centre_A_3);
    const double centre_A = 0.8871328727963667 + r * centre_A_1;
    const double centre_B_5 = 39307.89580009271 + r * (28729.085735721943 + r * 5226.495278852854);
    const double centre_B_3 = 5394.196021424751 + r * (21213.794301586597 + r * centre_B_5);
    const double centre_B_1 = 42.31333070160091 + r * (687.1870074920579 + r * centre_B_3);
    const double centre_B = 1.0 + r * centre_B_1;
    const double centre = 2.5 * q + q * (centre_A / centre_B);
    const double nearest = (q < 0.0 ? p : 1.0 - p);
    const double root = sqrt(-netspec_log(nearest));
    const double t = root - 1.6;
    const double tail_C_6 = -0.0008955455689048029 + t * (-4.68472745960678e-05 + t * -1.5761251074666253e-09);
    const double tail_C_4 = 0.013651285333498265 + t * (-0.003173239309194186 + t * tail_C_6);
    const double tail_C_2 = 0.1751325362283474 + t * (0.09862007700984883 + t * tail_C_4);
    const double tail_C = -0.07656288925031643 + t * (0.05055040619990706 + t * tail_C_2);
    const double tail_D_5 = 0.015198666563616457 + t * (0.0005475938084995345 + t * 1.0507500716444169e-09);
    const double tail_D_3 = 0.6897673349851 + t * (0.14810397642748008 + t * tail_D_5);
    const double tail_D_1 = 2.053191626637759 + t * (1.6763848301838038 + t * tail_D_3);
    const double tail_D = 1.0 + t * tail_D_1;
    const double u = root - 5.0;
    const double far_E_6 = -3.8479056363576125e-07 + u * (-3.308889127536231e-09 + u * -2.9386282111230383e-15);
    const double far_E_4 = -0.00016250896425452525 + u * (-1.3089915065669312e-05 + u * far_E_6);
    const double far_E_2 = -0.0017089532352642604 + u * (-0.0006848207111694791 + u * far_E_4);
    const double far_E = -0.09209535649889622 + u * (-0.02258248308812921 + u * far_E_2);
    const double far_F_5 = 1.8463183175100548e-05 + u * (1.421511758316446e-07 + u * 2.0442631033899397e-15);
    const double far_F_3 = 0.014875361290850615 + u * (0.0007868691311456133 + u * far_F_5);
    const double far_F_1 = 0.599832206555888 + u * (0.1369298809227358 + u * far_F_3);
    const double far_F = 1.0 + u * far_F_1;
    const double tail = 1.5 + 1.5 * t + tail_C / tail_D;
    const double far = 6.75 + 1.4375 * u + far_E / far_F;
    const double outer = (root <= 5.0 ? tail : far);
    const double outside = (q < 0.0 ? -outer : outer);
    return (fabs(q) <= 0.425 ? centre : outside);
}

/* --- random numbers: Philox4x32-10 (Salmon et al. 2011) ----------------------------------------- */

enum { HIGH, LOW };  /* lanes: the halves of 64-bit draws */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are laid out for machines that keep the low byte first"
#endif

/* Numbers that are computed side by side, and the product of their low halves: one instruction that
   GCC does not find. It is called by GCC's own name, as the header for that takes long to compile.
   Two vectors are mixed by taking numbers of both in turn, of their first halves or of the others. */
#if defined(__AVX512F__)
typedef uint64_t lanes __attribute__((vector_size(64)));
#define LOW_PRODUCT(a, b) __builtin_ia32_pmuludq512_mask(a, b, (signed_lanes){0}, UINT8_MAX)
#define FIRST_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define SECOND_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#elif defined(__AVX2__)
typedef uint64_t lanes __attribute__((vector_size(32)));
#define LOW_PRODUCT(a, b) __builtin_ia32_pmuludq256(a, b)
#define FIRST_HALVES 0, 4, 1, 5
#define SECOND_HALVES 2, 6, 3, 7
#else
typedef uint64_t lanes __attribute__((vector_size(16)));
#if defined(__SSE2__)
#define LOW_PRODUCT(a, b) __builtin_ia32_pmuludq128(a, b)
#endif
#define FIRST_HALVES 0, 2
#define SECOND_HALVES 1, 3
#endif
/* A product takes longer than the core needs to begin the next one: two vectors take turns. */
enum { LANES = sizeof(lanes) / sizeof(uint64_t), TURNS = 2, BLOCKS = TURNS * LANES };
typedef long long signed_lanes __attribute__((vector_size(sizeof(lanes))));
typedef int halves __attribute__((vector_size(sizeof(lanes))));

#if defined(__clang__)
#define MIXED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define MIXED(a, b, ...) __builtin_shuffle(a, b, (signed_lanes) {__VA_ARGS__})
#endif

/* The low halves of numbers times a factor. */
static inline lanes product(lanes numbers, uint32_t factor)
{
#if defined(LOW_PRODUCT) && !defined(__clang__)
    const lanes factors = (lanes){0} + factor;
    return (lanes)LOW_PRODUCT((halves)numbers, (halves)factors);
#else
    return (numbers & UINT32_MAX) * factor;
#endif
}

/* Store blocks of four words one after the other; only the low halves of the lanes count. */
static inline void store_blocks(uint32_t *words, lanes c0, lanes c1, lanes c2, lanes c3)
{
    const lanes first_pairs = (c0 & UINT32_MAX) | (c1 << 32);
    const lanes second_pairs = (c2 & UINT32_MAX) | (c3 << 32);
    const lanes front = MIXED(first_pairs, second_pairs, FIRST_HALVES);
    const lanes back = MIXED(first_pairs, second_pairs, SECOND_HALVES);
    memcpy(words, &front, sizeof front);
    memcpy(words + 2 * LANES, &back, sizeof back);
}

/* Make BLOCKS blocks of words, each of which has a row and a number in it. */
static inline void make_blocks(
    uint32_t *words, const lanes rows[TURNS], const lanes numbers[TURNS], uint32_t lane,
    uint32_t key0, uint32_t key1
) {
    const lanes none = {0};
    lanes c0[TURNS], c1[TURNS], c2[TURNS], c3[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
        c0[turn] = numbers[turn];
        c1[turn] = rows[turn];
        c2[turn] = none + lane;
        c3[turn] = rows[turn] >> 32 | numbers[turn] >> 32 << 16;
    }
#pragma GCC unroll 10
    for (int number = 0; number < 10; number++) {
#pragma GCC unroll 2
        for (int turn = 0; turn < TURNS; turn++) {
            const lanes product0 = product(c0[turn], UINT32_C(0xD2511F53));
            const lanes product1 = product(c2[turn], UINT32_C(0xCD9E8D57));
            c0[turn] = (product1 >> 32) ^ c1[turn] ^ key0;
            c1[turn] = product1;
            c2[turn] = (product0 >> 32) ^ c3[turn] ^ key1;
            c3[turn] = product0;
        }
        key0 += UINT32_C(0x9E3779B9);
        key1 += UINT32_C(0xBB67AE85);
    }
    for (int turn = 0; turn < TURNS; turn++)
        store_blocks(words + 4 * LANES * turn, c0[turn], c1[turn], c2[turn], c3[turn]);
}

/* Half of the draws of neurons from `first`, a multiple of 4, in a step: `count` words, and more up
   to a whole number of blocks side by side. */
static void draw_words(
    uint32_t *restrict words, int count, int64_t first, int64_t step, uint32_t lane,
    uint32_t key0, uint32_t key1
) {
    lanes steps[TURNS], numbers[TURNS];
    for (int l = 0; l < BLOCKS; l++) {
        steps[l / LANES][l % LANES] = (uint64_t)step;
        numbers[l / LANES][l % LANES] = (uint64_t)(first / 4 + l);
    }
    for (int n = 0; n < count; n += 4 * BLOCKS) {
        make_blocks(words + n, steps, numbers, lane, key0, key1);
        for (int turn = 0; turn < TURNS; turn++) numbers[turn] += BLOCKS;
    }
}

/* Draws of 64 bits. */
static void draw_integers(
    uint64_t *restrict draws, int count, int64_t first, int64_t step, uint32_t key0, uint32_t key1
) {
    uint32_t high[BLOCK], low[BLOCK];
    draw_words(high, count, first, step, HIGH, key0, key1);
    draw_words(low, count, first, step, LOW, key0, key1);
    for (int n = 0; n < count; n++) draws[n] = (uint64_t)high[n] << 32 | low[n];
}

/* Numbers of 53 bits in [0, 1). */
static void uniform_numbers(
    double *restrict numbers, int count, int64_t first, int64_t step, uint32_t key0, uint32_t key1
) {
    uint64_t draws[BLOCK];
    draw_integers(draws, count, first, step, key0, key1);
    for (int n = 0; n < count; n++) numbers[n] = (double)(draws[n] >> 11) * 1.1102230246251565e-16;
}

/* Standard normal numbers. */
static void normal_numbers(
    double *restrict numbers, int count, int64_t first, int64_t step, uint32_t key0, uint32_t key1
) {
    uint32_t draws[BLOCK];
    draw_words(draws, count, first, step, HIGH, key0, key1);
    for (int n = 0; n < count; n++)
        numbers[n] = netspec_normal_quantile(((double)draws[n] + 0.5) * 2.3283064365386963e-10);
}

/* 1 where a draw is below probability * 2**64, else 0. */
static void bernoulli_numbers(
    double *restrict numbers, const double *probability, int count, int64_t first, int64_t step,
    uint32_t key0, uint32_t key1
) {
    uint64_t draws[BLOCK];
    draw_integers(draws, count, first, step, key0, key1);
    for (int n = 0; n < count; n++) {
        const double limit = ceil(probability[n] * 18446744073709551616.0);
        numbers[n] = limit >= 18446744073709551616.0 || draws[n] < (uint64_t)limit;
    }
}

/* The first m for which a draw is below 2**64 times the probability of at most m events, or for
   which the probability of m events no longer counts. */
static double poisson_number(uint64_t draw, double mean)
{
    double m = 0.0, term = netspec_exp(-mean), up_to_m = term;
    while (!(m > mean && term < 5.421010862427522e-20)) {
        const double scaled = up_to_m * 18446744073709551616.0;
        const uint64_t limit = scaled < 18446744073709551616.0 ? (uint64_t)scaled : UINT64_MAX;
        if (draw < limit) break;
        m += 1.0;
        term = term * mean / m;
        up_to_m = up_to_m + term;
    }
    return m;
}

/* Numbers of events, each with a mean of its own. */
static void poisson_numbers(
    double *restrict numbers, const double *mean, int count, int64_t first, int64_t step,
    uint32_t key0, uint32_t key1
) {
    uint64_t draws[BLOCK];
    draw_integers(draws, count, first, step, key0, key1);
    for (int n = 0; n < count; n++) numbers[n] = poisson_number(draws[n], mean[n]);
}

/* --- edges ------------------------------------------------------------------------------------ */

/* Edges of one projection in canonical order, as they come from outside: numbers of some size. */
struct edges {
    int64_t first_source;   /* number of the first one in the bundle */
    int64_t sources;
    const int64_t *firsts;  /* first edge of each source, and the end */
    const void *targets;
    int target_size;
    const void *weights;    /* NULL if no port reads them or all are the same */
    int weight_size;
    const void *delays;     /* in steps; one for each edge, or one for all */
    int delay_size;
    bool several_delays;
    double per_unit;  /* weights that are stored as whole numbers times this are such */
    uint32_t row;     /* where the target population begins in the rows of a part */
    uint32_t share;   /* neurons of the target population in each part */
};

static inline uint32_t target_of(const struct edges *edges, int64_t e)
{
    return ((const uint16_t *)edges->targets)[e];
}

static inline uint32_t delay_of(const struct edges *edges, int64_t e)
{
    const int64_t own = 0;
    (void)e;
    return ((const uint8_t *)edges->delays)[own];
}

/* An edge as it is stored: a place in a row of the part. */
struct __attribute__((packed)) edge {
    uint16_t target;
};

/* How edges of a bundle are stored. */
enum record { EDGE };

struct layout {
    enum record record;
    size_t size;         /* of an edge in bytes, or of a weight in a row */
    bool keeps_origins;
    int64_t width;       /* of a row of weights; 0 where edges are listed */
};

/* Edges of one source that arrive together, stored one after another. */
struct stretch {
    uint16_t delay;
    uint16_t count;
};

/* Where the stretches of a source begin, and their edges. */
struct leaving {
    int64_t stretch;
    uint64_t edge;
};

/* Edges that arrive in some step. */
struct arrival {
    uint64_t first : 48;
    uint64_t count : 16;
};

struct slot {
    struct arrival *arrivals;
    int64_t count;
    int64_t capacity;
};

/* Edges that end in one part and are delivered in one way, sorted by source and delay. The neurons
   of all sources are numbered one after another. */
struct bundle {
    struct leaving *leaving;   /* of each source, and the end */
    struct stretch *stretches;
    void *edges;               /* or rows of weights: one for each source, for all neurons of a target */
    uint64_t *origins;         /* of each edge: its number in canonical order, if weights will change */
    struct slot *calendar;     /* by step modulo its length, which is a power of two */
    int64_t mask;
};

/* Edges of one source on their way into a bundle. */
struct loose_edge {
    uint32_t number;  /* among those of the source in its projection */
    uint16_t target;
    uint16_t delay;
};

/* Make room for one more item of some size; false if there is no memory. */
static bool has_room(void *items, int64_t count, int64_t *capacity, size_t size)
{
    if (count < *capacity) return true;
    const int64_t larger = *capacity ? 2 * *capacity : 16;
    void *moved, *old;
    memcpy(&old, items, sizeof old);
    if (!(moved = realloc(old, (size_t)larger * size))) return false;
    memcpy(items, &moved, sizeof moved);
    *capacity = larger;
    return true;
}

/* Memory for very much: in large pages, so that few are looked up. */
static void *large(size_t bytes)
{
    enum { PAGE = 1 << 21 };
    if (bytes < 2 * PAGE) return malloc(bytes + 1);
    const size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
    void *made = aligned_alloc(PAGE, whole);
#if defined(MADV_HUGEPAGE)
    if (made) madvise(made, whole, MADV_HUGEPAGE);
#endif
    return made;
}

/* What is known of the edges of several projections that end in one part. */
struct extent {
    int64_t total;
    int64_t most;     /* of one source */
    int64_t longest;  /* delay */
};

static struct extent extent_of(const struct edges *projections, int number, int64_t part)
{
    struct extent found = {0, 0, 0};
    for (int p = 0; p < number; p++) {
        const struct edges *each = &projections[p];
        const uint32_t first = (uint32_t)part * each->share, share = each->share;
        const int64_t count = each->firsts[each->sources];
        int64_t most = 0, inside = 0;
        uint32_t longest = 0;
        for (int64_t source = 0; source < each->sources; source++) {
            const int64_t own = each->firsts[source + 1] - each->firsts[source];
            if (own > most) most = own;
        }
        for (int64_t e = 0; e < count; e++) inside += target_of(each, e) - first < share;
        for (int64_t e = 0; e < (each->several_delays ? count : 1); e++) {
            const uint32_t delay = delay_of(each, e);
            longest = delay > longest ? delay : longest;
        }
        found.total += inside;
        found.most += most;
        if (longest > found.longest) found.longest = longest;
    }
    return found;
}

/* What packing needs beside the bundle: the edges of a source, and of each delay how many there are
   and then where the next one goes. */
struct bench {
    struct loose_edge *loose;
    uint64_t *places;
    uint16_t *delays;  /* those that some edge has, in the order in which they came up */
    int64_t n_delays;
};

/* Lay the edges of one source that end in a part on the bench; returns their number. The source has
   its number in the projection. */
static int64_t collect(
    struct bench *bench, int64_t begun, const struct edges *each, int64_t source, int64_t part
) {
    const uint32_t first = (uint32_t)part * each->share, share = each->share, row = each->row;
    const int64_t start = each->firsts[source], count = each->firsts[source + 1] - start;
    struct loose_edge *loose = bench->loose + begun;
    int64_t inside = 0;
    for (int64_t e = 0; e < count; e++) {
        const uint32_t target = target_of(each, start + e) - first;
        loose[inside] = (struct loose_edge) {
            (uint32_t)e, (uint16_t)(row + target), (uint16_t)delay_of(each, start + e)
        };
        inside += target < share;
    }
    for (int64_t e = 0; e < inside; e++)
        if (!bench->places[loose[e].delay]++) bench->delays[bench->n_delays++] = loose[e].delay;
    return inside;
}

/* Write edges of one projection and source into a bundle, each behind the last one of its delay. */
static void store(
    const struct bundle *bundle, const struct layout *layout, struct bench *bench,
    const struct loose_edge *loose, int64_t count, const struct edges *from, int64_t source
) {
    const int64_t start = from->firsts[source];
    uint64_t *places = bench->places;
    switch (layout->record) {
        case EDGE:
            for (int64_t e = 0; e < count; e++) {
                const uint64_t place = places[loose[e].delay]++;
                struct edge *edge = (struct edge *)bundle->edges + place;
                edge->target = loose[e].target;
                if (bundle->origins) bundle->origins[place] = (uint64_t)(start + loose[e].number);
            }
            break;
    }
}

/* Note which stretches a source has, and turn the numbers of edges of each delay into places. */
static bool cut(
    struct bundle *bundle, const struct layout *layout, struct bench *bench, uint64_t place,
    int64_t *n_stretches, int64_t *room
) {
    for (int64_t d = 0; d < bench->n_delays; d++) {
        const uint16_t delay = bench->delays[d];
        uint64_t left = layout->width ? 1 : bench->places[delay];
        bench->places[delay] = place;
        place += left;
        for (uint64_t own; left; left -= own) {
            own = left < UINT16_MAX ? left : UINT16_MAX;
            if (!has_room(&bundle->stretches, *n_stretches, room, sizeof *bundle->stretches)) return false;
            bundle->stretches[(*n_stretches)++] = (struct stretch) { delay, (uint16_t)own };
        }
    }
    return true;
}

/* Fill a bundle with the edges to one part of several projections. Returns false if there is no
   memory. */
static bool pack(
    struct bundle *bundle, const struct layout *layout, const struct edges *projections, int number,
    int64_t source_size, int64_t part
) {
    const struct extent extent = extent_of(projections, number, part);
    int64_t length = 1, n_stretches = 0, room = 0, counts[number];
    while (length < extent.longest + 1) length *= 2;
    bundle->mask = length - 1;
    bundle->calendar = calloc((size_t)length, sizeof *bundle->calendar);
    bundle->leaving = malloc((size_t)(source_size + 1) * sizeof *bundle->leaving);
    const int64_t n_stored = layout->width ? layout->width * source_size : extent.total;
    bundle->edges = large((size_t)n_stored * layout->size);
    if (layout->keeps_origins) bundle->origins = large((size_t)extent.total * sizeof *bundle->origins);
    struct bench bench = {
        malloc(((size_t)extent.most + 1) * sizeof *bench.loose),
        calloc((size_t)length, sizeof *bench.places),
        malloc((size_t)length * sizeof *bench.delays), 0
    };
    bool enough = bundle->calendar && bundle->leaving && bundle->edges
        && (bundle->origins || !layout->keeps_origins) && bench.loose && bench.places && bench.delays;
    if (enough && layout->width) memset(bundle->edges, 0, (size_t)n_stored * layout->size);
    uint64_t place = 0;
    for (int64_t source = 0; enough && source < source_size; source++) {
        int64_t count = 0;
        if (layout->width) place = (uint64_t)(source * layout->width);
        bench.n_delays = 0;
        for (int p = 0; p < number; p++) {
            const struct edges *each = &projections[p];
            const int64_t own = source - each->first_source;
            const bool is_of_it = own >= 0 && own < each->sources;
            count += counts[p] = is_of_it ? collect(&bench, count, each, own, part) : 0;
        }
        bundle->leaving[source] = (struct leaving) { n_stretches, place };
        enough = cut(bundle, layout, &bench, place, &n_stretches, &room);
        const struct loose_edge *loose = bench.loose;
        for (int p = 0; enough && p < number; loose += counts[p++]) {
            if (!counts[p]) continue;
            const struct edges *each = &projections[p];
            store(bundle, layout, &bench, loose, counts[p], each, source - each->first_source);
        }
        for (int64_t d = 0; d < bench.n_delays; d++) bench.places[bench.delays[d]] = 0;
        place += (uint64_t)count;
    }
    free(bench.loose);
    free(bench.places);
    free(bench.delays);
    if (enough) bundle->leaving[source_size] = (struct leaving) { n_stretches, place };
    return enough;
}

static void discard(struct bundle *bundle)
{
    for (int64_t s = 0; bundle->calendar && s <= bundle->mask; s++)
        free(bundle->calendar[s].arrivals);
    free(bundle->calendar);
    free(bundle->leaving);
    free(bundle->stretches);
    free(bundle->edges);
    free(bundle->origins);
}

/* Ask for some memory, so that it is there when it is read. It takes long to find where a page is, and
   nothing goes on meanwhile; so much is asked for at once, and then used. */
static inline void fetch(const void *memory, size_t bytes)
{
    enum { LINE = 64, MOST = 16 * LINE };  /* the processor goes on by itself */
    for (size_t b = 0; b < bytes && b < MOST; b += LINE) __builtin_prefetch((const char *)memory + b);
    if (bytes) __builtin_prefetch((const char *)memory + bytes - 1);
}

/* Neurons of a source that fire, and a bundle with edges of theirs. */
struct departure {
    const struct bundle *bundle;
    int64_t first_source;  /* number of the first one in the bundle */
    const uint32_t *fired;
    int64_t count;
};

static inline const struct leaving *leaving_of(const struct departure *from, int64_t n)
{
    return &from->bundle->leaving[from->first_source + from->fired[n]];
}

/* Enter the edges of neurons that fire in step k under the steps in which they arrive.
   Returns false if there is no memory. */
static bool enter(const struct departure *from, int64_t k)
{
    enum { SOON = 16 };  /* entries until the next one that is not yet in the cache */
    const struct bundle *bundle = from->bundle;
    for (int64_t n = 0; n < from->count; n++) {
        const struct leaving *leaving = leaving_of(from, n);
        uint64_t first = leaving->edge;
        for (int64_t s = leaving->stretch; s < leaving[1].stretch; s++) {
            const struct stretch each = bundle->stretches[s];
            struct slot *slot = &bundle->calendar[(k + each.delay) & bundle->mask];
            if (!has_room(&slot->arrivals, slot->count, &slot->capacity, sizeof *slot->arrivals))
                return false;
            __builtin_prefetch(slot->arrivals + slot->count + SOON, 1);
            slot->arrivals[slot->count++] = (struct arrival) { first, each.count };
            first += each.count;
        }
    }
    return true;
}

/* Send everything that leaves in step k. Returns false if there is no memory. */
static bool send(const struct departure *departures, int count, int64_t k)
{
    for (int d = 0; d < count; d++)
        for (int64_t n = 0; n < departures[d].count; n++)
            fetch(leaving_of(&departures[d], n), 2 * sizeof(struct leaving));
    for (int d = 0; d < count; d++)
        for (int64_t n = 0; n < departures[d].count; n++) {
            const struct leaving *leaving = leaving_of(&departures[d], n);
            const struct stretch *stretches = departures[d].bundle->stretches;
            const int64_t own = leaving[1].stretch - leaving->stretch;
            fetch(stretches + leaving->stretch, (size_t)own * sizeof *stretches);
        }
    bool enough = true;
    for (int d = 0; d < count; d++) enough &= enter(&departures[d], k);
    return enough;
}

/* --- threads ---------------------------------------------------------------------------------- */

/* A place where all threads wait for each other. */
struct barrier {
    atomic_int arrived;
    atomic_int generation;
    atomic_int asleep;
    int threads;
    int spins;
    pthread_mutex_t mutex;
    pthread_cond_t opens;
};

/* Wait until all threads are here. Mostly that takes a part of what a step takes, too short to sleep. A
   thread that waits for longer leaves its core to others: perhaps to the one that is late. */
static void wait_at(struct barrier *barrier)
{
    const int now = atomic_load_explicit(&barrier->generation, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == barrier->threads) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store(&barrier->generation, now + 1);
        if (!atomic_load(&barrier->asleep)) return;
        pthread_mutex_lock(&barrier->mutex);
        pthread_cond_broadcast(&barrier->opens);
        pthread_mutex_unlock(&barrier->mutex);
        return;
    }
    for (int spin = 0; spin < barrier->spins; spin++) {
        if (atomic_load_explicit(&barrier->generation, memory_order_acquire) != now) return;
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    pthread_mutex_lock(&barrier->mutex);
    atomic_fetch_add(&barrier->asleep, 1);
    while (atomic_load(&barrier->generation) == now) pthread_cond_wait(&barrier->opens, &barrier->mutex);
    atomic_fetch_sub(&barrier->asleep, 1);
    pthread_mutex_unlock(&barrier->mutex);
}

/* Whether subnormal numbers are flushed to zero in this thread: results would differ. */
static bool flushes_subnormals(void)
{
    volatile double least = 5e-324, smallest = 2.2250738585072014e-308;
    return least * 1.0 == 0.0 || smallest * 0.5 == 0.0;
}

/* --- the network ------------------------------------------------------------------------------ */

/* Arrays that belong to the caller. */
struct network {
    double *gated_V;  /* V */
    double *gated_n;
    uint32_t *owns_draw_0_key;  /* of its stream */
    uint32_t *owns_draw_1_key;  /* of its stream */
    uint32_t *owns_rate_drive_noise_key;  /* of its stream */
    uint32_t *owns_events_drive_key;  /* of its stream */
    uint32_t *owns_xi_key;  /* of its stream */
    uint32_t *owns_xi_bath_key;  /* of its stream */
    double *owns_I_bath;  /* A */
    double *owns_V;  /* V */
    int64_t *owns_count;
    int64_t *owns_lot;
    double *owns_s_gating;
    double *owns_tide;
    double *owns_x_gating;
    int64_t *owns_refractory;
    double *owns_previous_V;  /* V */
    double *owns_tested_V;  /* V */
    double *owns_on_drive;
    double *owns_amplitude_listed_table;
    double *owns_gathered_gap;
    double *owns_gathered_pool;
    uint32_t *pair_common_key;  /* of its stream */
    uint32_t *pair_own_key;  /* of its stream */
    int64_t *rises_firsts;  /* by source */
    uint16_t *rises_targets;
    uint8_t *rises_delays;  /* steps */
    int64_t *gates_firsts;  /* by source */
    uint16_t *gates_targets;
    uint8_t *gates_delays;  /* steps */
    int64_t *owns_later_spike_0_firsts;  /* by source */
    uint16_t *owns_later_spike_0_targets;
    uint8_t *owns_later_spike_0_delays;  /* steps */
    int64_t *gaps_first;  /* by target */
    uint32_t *gaps_sources;
    double *gaps_weight;
    int64_t *pools_first;  /* by target */
    double *pools_weight;
    double *owns_V_samples;
    int64_t *owns_count_samples;
    double *owns_current_bath_samples;
    double *owns_current_listed_samples;
    double *owns_pull_samples;
    double *owns_tide_samples;
    int64_t *owns_steps;
    int64_t *owns_indices;
    int64_t *owns_rise_steps;
    int64_t *owns_rise_indices;
    int64_t *pair_steps;
    int64_t *pair_indices;
    int64_t *n_noted;  /* spikes of each object that were noted and not yet taken */
    int64_t *status;  /* how a run went */
};

/* How many neurons of each population and source a part has at most. */
struct shares {
    int64_t gated_share;
    int64_t owns_share;
    int64_t pair_share;
};

/* A part of the network: some neurons of each population, and all edges that end at them. */
struct part {
    int64_t number;
    bool ends[2];           /* the run must end: with even steps, with odd steps */
    bool has_no_memory;
    bool has_wrong;         /* some state is not finite: */
    int64_t wrong[3];       /* population, neuron, variable */
    double *sums;           /* weights that arrive in this step, port after port */
    int32_t *whole_sums;    /* those of ports where all are whole numbers of a unit */
    int32_t *counts;        /* events that arrive in this step, likewise */
    struct bundle bundles[2];
    int64_t gated_first;
    int64_t gated_end;
    int64_t owns_first;
    int64_t owns_end;
    int64_t pair_first;
    int64_t pair_end;
    int32_t *owns_K_acc;
    int32_t *owns_K_n_events;
    double *owns_later_spike_0_acc;
    int32_t *owns_later_spike_0_n_events;
    int32_t *owns_gating_acc;
    int32_t *owns_gating_n_events;
    uint32_t *owns_fired[2];
    int64_t owns_n_fired[2];
    uint32_t *owns_rise_fired[2];
    int64_t owns_rise_n_fired[2];
    uint32_t *pair_fired[2];
    int64_t pair_n_fired[2];
    double owns_tide;
};

/* Note where state is not finite, if it is the first place. */
static void note_wrong(struct part *part, int64_t k, int64_t population, int64_t i, int64_t variable)
{
    part->ends[k & 1] = true;
    if (part->has_wrong) return;
    part->has_wrong = true;
    part->wrong[0] = population;
    part->wrong[1] = i;
    part->wrong[2] = variable;
}

/* A number if something is so. Both are computed in any case, so that neurons go side by side. */
static inline int64_t wrong_if(bool is_so, int64_t number, int64_t otherwise)
{
    return is_so ? number : otherwise;
}

static inline int64_t bits_of(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* 0 if x is finite. */
static inline int64_t not_finite(double x)
{
    return bits_of(x - x);
}

static inline bool is_finite(double x)
{
    return !not_finite(x);
}

/* Add the neurons of a block to which something happens to a list. Returns the length it has then. To
   most nothing happens: they are passed over four at a time. */
static inline int64_t list(int16_t *happens, int count, int64_t start, uint32_t *listed, int64_t length)
{
    enum { FEW = sizeof(uint64_t) / sizeof *happens };
    for (int n = count; n % FEW; n++) happens[n] = 0;
    for (int first = 0; first < count; first += FEW) {
        uint64_t any;
        memcpy(&any, happens + first, sizeof any);
        for (int n = first; any && n < first + FEW; n++)
            if (happens[n]) listed[length++] = (uint32_t)(start + n);
    }
    return length;
}

/* Less than 0 if exprel is more than a polynomial at x. For a NaN it tells nothing, nor need it. */
static inline int64_t farness(double x)
{
    return bits_of(0.5 - fabs(x));
}

/* exprel of some numbers, in their place. Most often none is far from 0. */
static void exprels(double *restrict x, int count, bool some_are_far)
{
    if (some_are_far) for (int n = 0; n < count; n++) x[n] = netspec_exprel(x[n]);
    else for (int n = 0; n < count; n++) x[n] = netspec_exprel_near(x[n]);
}

/* --- what looks at the state before a step ------------------------------------------------------ */

/* gather gaps: over edges from owns to owns.gathered_gap */
static void gaps_gather(const struct network *net, struct part *part, int64_t k)
{
    (void)k;
    for (int64_t i = part->owns_first; i < part->owns_end; i++) {
        double sum = 0.0;
        for (int64_t e = net->gaps_first[i]; e < net->gaps_first[i + 1]; e++)
            sum += net->gaps_weight[0] * (net->owns_V[net->gaps_sources[e]] - net->owns_V[i]);
        net->owns_gathered_gap[i] += sum;
    }
}

/* gather pools: over all neurons from owns to owns.gathered_pool */
static double pools_total(const struct network *net, struct part *part, int64_t k)
{
    enum { LANES = 16 };
    double lanes[LANES] = {0.0};
    (void)part, (void)k;
    for (int64_t n = 0; n < 5; n++) lanes[n % LANES] += net->owns_s_gating[(0 + n)];
    for (int half = LANES / 2; half; half /= 2)
        for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}

static void pools_gather(const struct network *net, struct part *part, int64_t k, double total)
{
    (void)k;
    for (int64_t i = part->owns_first; i < part->owns_end; i++)
        for (int64_t e = net->pools_first[i]; e < net->pools_first[i + 1]; e++)
            net->owns_gathered_pool[i] += net->pools_weight[0] * total;
}

/* recording of owns, V */
static void owns_V_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 1 ? part->owns_first : 1;
    const int64_t end = part->owns_end < 3 ? part->owns_end : 3;
    double *row = net->owns_V_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_V[i];
    }
}

/* recording of owns, count */
static void owns_count_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 1 ? part->owns_first : 1;
    const int64_t end = part->owns_end < 3 ? part->owns_end : 3;
    int64_t *row = net->owns_count_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_count[i];
    }
}

/* recording of owns, current_bath */
static void owns_current_bath_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 1 ? part->owns_first : 1;
    const int64_t end = part->owns_end < 3 ? part->owns_end : 3;
    double *row = net->owns_current_bath_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_I_bath[i];
    }
}

/* recording of owns, current_listed */
static void owns_current_listed_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 1 ? part->owns_first : 1;
    const int64_t end = part->owns_end < 3 ? part->owns_end : 3;
    double *row = net->owns_current_listed_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_amplitude_listed_table[(k / 30 < 2 ? k / 30 : 2) * 5 + i];
    }
}

/* recording of owns, pull */
static void owns_pull_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 1 ? part->owns_first : 1;
    const int64_t end = part->owns_end < 3 ? part->owns_end : 3;
    double *row = net->owns_pull_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = (-0.06 + 0.005 * part->owns_tide - net->owns_V[i]) / owns_tau;
    }
}

/* recording of owns, tide */
static void owns_tide_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 2) return;
    const int64_t number = k / 2;
    const int64_t first = part->owns_first > 0 ? part->owns_first : 0;
    const int64_t end = part->owns_end < 1 ? part->owns_end : 1;
    double *row = net->owns_tide_samples + number * 1 - 0;
    for (int64_t i = first; i < end; i++) {
        row[i] = part->owns_tide;
    }
}

/* --- population gated ------------------------------------------------------------------------- */

#if HERE(1)

/* update and events, receptors, resets */
LINKED void gated_update(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    for (int64_t start = part->gated_first; start < part->gated_end; start += BLOCK) {
        const int64_t left = part->gated_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict gated_V = net->gated_V + start;
        double *restrict gated_n = net->gated_n + start;
        double gated_growth_V[BLOCK];
        double gated_shift_V[BLOCK];
        double gated_growth_n[BLOCK];
        double gated_shift_n[BLOCK];

        int64_t gated_growth_V_far = 0;
        int64_t gated_growth_n_far = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            gated_growth_V[n] =
                dt / 0.003 * -(1.0 + 120.0 * (gated_n[n] * gated_n[n] * (gated_n[n] * gated_n[n])));
            gated_growth_V_far |= farness(gated_growth_V[n]);
            gated_shift_V[n] =
                dt / 0.003 * (-0.054 - gated_V[n]
                + 120.0 * (gated_n[n] * gated_n[n] * (gated_n[n] * gated_n[n]))
                * (-0.077 - gated_V[n]));
            gated_growth_n[n] =
                dt * -(100.0 / netspec_exprel(-(gated_V[n] + 0.055) / 0.01)
                + 125.0 * netspec_exp(-(gated_V[n] + 0.065) / 0.08));
            gated_growth_n_far |= farness(gated_growth_n[n]);
            gated_shift_n[n] =
                dt * (100.0 / netspec_exprel(-(gated_V[n] + 0.055) / 0.01) * (1.0 - gated_n[n])
                - 125.0 * netspec_exp(-(gated_V[n] + 0.065) / 0.08) * gated_n[n]);
        }
        exprels(gated_growth_V, count, gated_growth_V_far < 0);
        exprels(gated_growth_n, count, gated_growth_n_far < 0);

        int64_t any_wrong = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const double gated_V_next = gated_V[n] + gated_growth_V[n] * gated_shift_V[n];
            const double gated_n_next = gated_n[n] + gated_growth_n[n] * gated_shift_n[n];
            const double all =
                gated_V_next + gated_n_next;
            any_wrong |= not_finite(all);
            gated_V[n] = gated_V_next;
            gated_n[n] = gated_n_next;
        }
        for (int n = 0; any_wrong && n < count; n++) {
            const int64_t wrong =
                wrong_if(!is_finite(gated_V[n]), 1,
                wrong_if(!is_finite(gated_n[n]), 2,
                0));
            if (!wrong) continue;
            note_wrong(part, k, 0, start + n, wrong - 1);
            break;
        }
    }
}

#endif

/* --- population owns -------------------------------------------------------------------------- */

#if HERE(2)

/* update and events, receptors, resets */
LINKED void owns_update(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    const double owns_tide = part->owns_tide;
    const double owns_tide_next = owns_tide + dt * ((1.0 - owns_tide) / owns_tau);
    uint32_t *owns_fired = part->owns_fired[k & 1];
    int64_t owns_n_fired = 0;
    uint32_t *owns_rise_fired = part->owns_rise_fired[k & 1];
    int64_t owns_rise_n_fired = 0;
    for (int64_t start = part->owns_first; start < part->owns_end; start += BLOCK) {
        const int64_t left = part->owns_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict owns_I_bath = net->owns_I_bath + start;
        double *restrict owns_V = net->owns_V + start;
        int64_t *restrict owns_count = net->owns_count + start;
        int64_t *restrict owns_lot = net->owns_lot + start;
        double *restrict owns_s_gating = net->owns_s_gating + start;
        double *restrict owns_x_gating = net->owns_x_gating + start;
        int64_t *restrict owns_refractory = net->owns_refractory + start;
        double *restrict owns_previous_V = net->owns_previous_V + start;
        double *restrict owns_tested_V = net->owns_tested_V + start;
        const double *restrict owns_gathered_gap = net->owns_gathered_gap + start;
        const double *restrict owns_gathered_pool = net->owns_gathered_pool + start;
        const double *restrict owns_on_drive = net->owns_on_drive + start;
        const double *restrict owns_amplitude_listed = net->owns_amplitude_listed_table + (k / 30 < 2 ? k / 30 : 2) * 5 + start;
        double owns_draw_0[BLOCK];
        double owns_draw_1[BLOCK];
        double owns_rate_drive_noise[BLOCK];
        double owns_events_drive[BLOCK];
        double owns_xi[BLOCK];
        double owns_xi_bath[BLOCK];

        uniform_numbers(owns_draw_0, count, start, k, net->owns_draw_0_key[0], net->owns_draw_0_key[1]);
        normal_numbers(owns_draw_1, count, start, k, net->owns_draw_1_key[0], net->owns_draw_1_key[1]);
        normal_numbers(owns_rate_drive_noise, count, start, k / 5, net->owns_rate_drive_noise_key[0], net->owns_rate_drive_noise_key[1]);
        double owns_events_drive_mean[BLOCK];
        for (int n = 0; n < count; n++)
            owns_events_drive_mean[n] =
                (owns_on_drive[n] > 0.5
                ? netspec_max(owns_rate_mean_drive + owns_rate_sd_drive * owns_rate_drive_noise[n],
                owns_rate_least_drive) : 0.0) * dt;
        poisson_numbers(owns_events_drive, owns_events_drive_mean, count, start, k, net->owns_events_drive_key[0], net->owns_events_drive_key[1]);
        normal_numbers(owns_xi, count, start, k, net->owns_xi_key[0], net->owns_xi_key[1]);
        normal_numbers(owns_xi_bath, count, start, k, net->owns_xi_bath_key[0], net->owns_xi_bath_key[1]);

        int64_t any_wrong = 0;
        int16_t owns_spike_happens[BLOCK], owns_spike_any = 0;
        int16_t owns_rise_happens[BLOCK], owns_rise_any = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const double owns_sampled_current_listed_next = owns_amplitude_listed[n];
            const bool owns_held_next = owns_refractory[n] > 0LL;
            const int64_t owns_refractory_next =
                (owns_refractory[n] > 0LL ? owns_refractory[n] - 1LL : owns_refractory[n]);
            const double owns_I_bath_next =
                owns_I_bath[n] + dt * ((owns_mu_bath - owns_I_bath[n]) / owns_tau_bath)
                + owns_sigma_bath * sqrt(2.0 / owns_tau_bath) * sqrt(dt) * owns_xi_bath[n];
            const double owns_V_next =
                (owns_held_next ? owns_V[n] : owns_V[n]
                + dt * ((-0.06 + 0.005 * owns_tide - owns_V[n]) / owns_tau
                + (owns_I_bath[n] + owns_gathered_gap[n] + owns_sampled_current_listed_next
                + owns_g_pool * owns_gathered_pool[n]
                * (1.0 / (1.0 + owns_Mg_pool / owns_beta_pool
                * netspec_exp(-owns_alpha_pool * (owns_V[n] + owns_gamma_pool))))
                * (owns_E_rev_pool - owns_V[n])) / 2e-10)
                + owns_sigma * sqrt(2.0 / owns_tau) * sqrt(dt) * owns_xi[n]);
            const double owns_s_gating_next =
                owns_s_gating[n] + dt
                * (owns_alpha_gating * owns_x_gating[n] * (1.0 - owns_s_gating[n])
                - owns_s_gating[n] / owns_tau_decay_gating);
            const double owns_x_gating_next =
                owns_x_gating[n] + dt * (-owns_x_gating[n] / owns_tau_rise_gating);
            const double owns_previous_V_next = owns_tested_V[n];
            const double owns_tested_V_next = owns_V_next;
            const double all =
                owns_I_bath_next + owns_V_next + owns_s_gating_next + owns_tide_next
                + owns_x_gating_next;
            any_wrong |= not_finite(all);
            owns_spike_happens[n] = owns_V_next > -0.06 && owns_draw_0[n] < 0.3 && !owns_held_next;
            owns_spike_any |= owns_spike_happens[n];
            owns_rise_happens[n] = owns_V_next + 0.065 > 0.0 && owns_previous_V_next + 0.065 <= 0.0;
            owns_rise_any |= owns_rise_happens[n];
            owns_refractory[n] = owns_refractory_next;
            owns_I_bath[n] = owns_I_bath_next;
            owns_V[n] = owns_V_next;
            owns_s_gating[n] = owns_s_gating_next;
            owns_x_gating[n] = owns_x_gating_next;
            owns_previous_V[n] = owns_previous_V_next;
            owns_tested_V[n] = owns_tested_V_next;
        }
        for (int n = 0; any_wrong && n < count; n++) {
            const int64_t wrong =
                wrong_if(!is_finite(owns_I_bath[n]), 1,
                wrong_if(!is_finite(owns_V[n]), 2,
                wrong_if(!is_finite(owns_s_gating[n]), 5,
                wrong_if(!is_finite(owns_tide_next), 6,
                wrong_if(!is_finite(owns_x_gating[n]), 7,
                0)))));
            if (!wrong) continue;
            note_wrong(part, k, 1, start + n, wrong - 1);
            break;
        }

        const int64_t owns_spike_known = owns_n_fired;
        if (owns_spike_any)
            owns_n_fired = list(owns_spike_happens, count, start, owns_fired, owns_n_fired);

        if (owns_rise_any)
            owns_rise_n_fired = list(owns_rise_happens, count, start, owns_rise_fired, owns_rise_n_fired);
        for (int64_t f = owns_spike_known; f < owns_n_fired; f++) {
            const int64_t n = owns_fired[f] - start;
            owns_refractory[n] =
                (int64_t)(floor((0.0005 + 0.0001 * (double)owns_count[n]) / dt + 0.5) > 0.0
                ? netspec_min(floor((0.0005 + 0.0001 * (double)owns_count[n]) / dt + 0.5),
                2147483647.0) : 0.0);
        }
        int32_t *restrict owns_K_acc = part->owns_K_acc + (start - part->owns_first);
        int32_t *restrict owns_gating_acc = part->owns_gating_acc + (start - part->owns_first);
        int32_t *restrict owns_later_spike_0_n_events = part->owns_later_spike_0_n_events + (start - part->owns_first);
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const double owns_V_next =
                (owns_refractory[n] > 0LL ? owns_V[n] : owns_V[n]
                + (((double)owns_K_acc[n] * 0.0005000000237487257)
                + owns_weight_drive_on_grid * owns_events_drive[n]));
            const double owns_x_gating_next = owns_x_gating[n] + ((double)owns_gating_acc[n] * 1.0);
            const double owns_V_next2 =
                (((int64_t)owns_later_spike_0_n_events[n]) > 0LL ? owns_V_next - 0.001
                : owns_V_next);
            owns_V[n] = owns_V_next2;
            owns_x_gating[n] = owns_x_gating_next;
            owns_K_acc[n] = 0;
            owns_gating_acc[n] = 0;
            owns_later_spike_0_n_events[n] = 0;
        }
        for (int64_t f = owns_spike_known; f < owns_n_fired; f++) {
            const int64_t n = owns_fired[f] - start;
            owns_V[n] = -0.07 + 0.001 * owns_draw_1[n];
            owns_count[n] = owns_count[n] + 1LL;
            owns_lot[n] = 6364136223846793005LL * owns_lot[n] + 1442695040888963407LL;
        }
    }
    part->owns_n_fired[k & 1] = owns_n_fired;
    part->owns_rise_n_fired[k & 1] = owns_rise_n_fired;
    part->owns_tide = owns_tide_next;
}

#endif

/* --- population pair -------------------------------------------------------------------------- */

#if HERE(3)

/* update and events, receptors, resets */
LINKED void pair_update(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    double pair_common;
    const double pair_common_mean =
        pair_correlation * (500.0 * (1.0 + netspec_sin(t / 0.001)) * dt);
    bernoulli_numbers(&pair_common, &pair_common_mean, 1, 0, k, net->pair_common_key[0], net->pair_common_key[1]);
    uint32_t *pair_fired = part->pair_fired[k & 1];
    int64_t pair_n_fired = 0;
    for (int64_t start = part->pair_first; start < part->pair_end; start += BLOCK) {
        const int64_t left = part->pair_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double pair_own[BLOCK];

        double pair_own_mean[BLOCK];
        for (int n = 0; n < count; n++)
            pair_own_mean[n] =
                (500.0 * (1.0 + netspec_sin(t / 0.001)) * dt
                - pair_correlation * (500.0 * (1.0 + netspec_sin(t / 0.001)) * dt))
                / (1.0 - pair_correlation * (500.0 * (1.0 + netspec_sin(t / 0.001)) * dt));
        bernoulli_numbers(pair_own, pair_own_mean, count, start, k, net->pair_own_key[0], net->pair_own_key[1]);
        int16_t pair_spike_happens[BLOCK], pair_spike_any = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            pair_spike_happens[n] = pair_common > 0.5 || pair_own[n] > 0.5;
            pair_spike_any |= pair_spike_happens[n];
        }

        if (pair_spike_any)
            pair_n_fired = list(pair_spike_happens, count, start, pair_fired, pair_n_fired);
    }
    part->pair_n_fired[k & 1] = pair_n_fired;
}

#endif

/* --- what arrives in a step --------------------------------------------------------------------- */

/* rises: owns.rise to owns.K, and 1 more, see edges_0 */
static void rises_deliver(const struct network *net, struct part *part, int64_t k)
{
    enum { AHEAD = 8 };  /* arrivals whose edges are on their way from memory */
    struct bundle *bundle = &part->bundles[0];
    struct slot *due = &bundle->calendar[k & bundle->mask];
    const int64_t count = due->count;
    const struct edge *edges = bundle->edges;
    const int32_t weight = 1;
    int32_t *restrict sums = part->owns_K_acc;
    (void)net;
    due->count = 0;
    for (int64_t s = -AHEAD; s < count; s++) {
        if (s + AHEAD < count) {
            const struct arrival later = due->arrivals[s + AHEAD];
            fetch(edges + later.first, later.count * sizeof *edges);
        }
        if (s < 0) continue;
        const struct arrival each = due->arrivals[s];
        const struct edge *end = edges + each.first + each.count;
        for (const struct edge *edge = edges + each.first; edge < end; edge++) {
            sums[edge->target] += weight;
        }
    }
}

/* _owns_later_spike_0: owns to owns._later_spike_0 */
static void owns_later_spike_0_deliver(const struct network *net, struct part *part, int64_t k)
{
    enum { AHEAD = 8 };  /* arrivals whose edges are on their way from memory */
    struct bundle *bundle = &part->bundles[1];
    struct slot *due = &bundle->calendar[k & bundle->mask];
    const int64_t count = due->count;
    const struct edge *edges = bundle->edges;
    int32_t *restrict counts = part->owns_later_spike_0_n_events;
    (void)net;
    due->count = 0;
    for (int64_t s = -AHEAD; s < count; s++) {
        if (s + AHEAD < count) {
            const struct arrival later = due->arrivals[s + AHEAD];
            fetch(edges + later.first, later.count * sizeof *edges);
        }
        if (s < 0) continue;
        const struct arrival each = due->arrivals[s];
        const struct edge *end = edges + each.first + each.count;
        for (const struct edge *edge = edges + each.first; edge < end; edge++) {
            counts[edge->target]++;
        }
    }
}

/* --- a run ------------------------------------------------------------------------------------ */

#if HERE(4)

struct simulation {
    struct network net;
    struct shares shares;
    int threads;
    int n_parts;
    struct part *parts;
    struct barrier barrier;
    atomic_int gate;        /* 0: wait, 1: begin, -1: go home */
    atomic_bool is_flushing;
    bool ends[2];           /* no room for more spikes: with even steps, with odd steps */
    int64_t k;
    int64_t stop;
    double totals[2];
};

struct worker {
    struct simulation *simulation;
    int number;
    pthread_t thread;
};

/* Neurons of each part; few stay together. */
static int64_t share(int64_t size, int n_parts)
{
    enum { FEW = 64, WIDTH = 16 };
    if (size <= FEW) return size;
    return ((size + n_parts - 1) / n_parts + WIDTH - 1) / WIDTH * WIDTH;
}

/* Cleared memory that begins at a cache line. */
static void *cleared(int64_t count, size_t size)
{
    const size_t bytes = ((size_t)count * size + 64) / 64 * 64;
    void *made = aligned_alloc(64, bytes);
    return made ? memset(made, 0, bytes) : NULL;
}

/* Before what is done once, and all that only this calls: short code, which compiles in less time
   than fast code would save. */
#define ONCE __attribute__((cold))

/* Make a part: its neurons, its rows and the edges that end in it. Returns false without memory. */
ONCE static bool make_part(const struct network *net, const struct shares *shares, struct part *part)
{
    (void)net;
    part->gated_first = least(part->number * shares->gated_share, 3);
    part->gated_end = least(part->gated_first + shares->gated_share, 3);
    part->owns_first = least(part->number * shares->owns_share, 5);
    part->owns_end = least(part->owns_first + shares->owns_share, 5);
    part->pair_first = least(part->number * shares->pair_share, 2);
    part->pair_end = least(part->pair_first + shares->pair_share, 2);
    int64_t length = 0;
    length += shares->owns_share;
    length += shares->owns_share;
    length += shares->owns_share;
    if (!(part->sums = cleared(length, sizeof *part->sums))) return false;
    if (!(part->whole_sums = cleared(length, sizeof *part->whole_sums))) return false;
    if (!(part->counts = cleared(length, sizeof *part->counts))) return false;
    int64_t place = 0;
    part->owns_K_acc = part->whole_sums + place;
    part->owns_K_n_events = part->counts + place;
    place += shares->owns_share;
    part->owns_later_spike_0_acc = part->sums + place;
    part->owns_later_spike_0_n_events = part->counts + place;
    place += shares->owns_share;
    part->owns_gating_acc = part->whole_sums + place;
    part->owns_gating_n_events = part->counts + place;
    place += shares->owns_share;
    (void)place;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->owns_fired[parity] = cleared(shares->owns_share, sizeof(uint32_t)))) return false;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->owns_rise_fired[parity] = cleared(shares->owns_share, sizeof(uint32_t)))) return false;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->pair_fired[parity] = cleared(shares->pair_share, sizeof(uint32_t)))) return false;
    const struct layout layout_0 = { EDGE, sizeof(struct edge), false, 0 };
    const struct edges edges_0[] = {
        {  /* rises: owns.rise to owns.K */
            0, 5, net->rises_firsts, net->rises_targets, 2, NULL, 4,
            net->rises_delays, 1, false, 1.0, (uint32_t)(part->owns_K_acc - part->owns_K_acc), (uint32_t)shares->owns_share
        },
        {  /* gates: owns to owns.gating */
            5, 5, net->gates_firsts, net->gates_targets, 2, NULL, 4,
            net->gates_delays, 1, false, 1.0, (uint32_t)(part->owns_gating_acc - part->owns_K_acc), (uint32_t)shares->owns_share
        },
    };
    if (!pack(&part->bundles[0], &layout_0, edges_0, 2, 10, part->number)) return false;
    const struct layout layout_1 = { EDGE, sizeof(struct edge), false, 0 };
    const struct edges edges_1[] = {
        {  /* _owns_later_spike_0: owns to owns._later_spike_0 */
            0, 5, net->owns_later_spike_0_firsts, net->owns_later_spike_0_targets, 2, NULL, 4,
            net->owns_later_spike_0_delays, 1, false, 1.0, (uint32_t)(part->owns_later_spike_0_n_events - part->owns_later_spike_0_n_events), (uint32_t)shares->owns_share
        },
    };
    if (!pack(&part->bundles[1], &layout_1, edges_1, 1, 5, part->number)) return false;
    return true;
}

ONCE static void discard_part(struct part *part)
{
    for (int number = 0; number < 2; number++) discard(&part->bundles[number]);
    free(part->sums);
    free(part->whole_sums);
    free(part->counts);
    for (int parity = 0; parity < 2; parity++) free(part->owns_fired[parity]);
    for (int parity = 0; parity < 2; parity++) free(part->owns_rise_fired[parity]);
    for (int parity = 0; parity < 2; parity++) free(part->pair_fired[parity]);
}

/* What is done in a step by populations and sources. */
typedef void action(const struct network *net, struct part *part, int64_t k);
LINKED action gated_update;
LINKED action owns_update;
LINKED action pair_update;

/* Do a step of a part up to what fires in it. */
static void begin_step(const struct network *net, struct part *part, int64_t k)
{
    owns_V_samples_record(net, part, k);
    owns_count_samples_record(net, part, k);
    owns_current_bath_samples_record(net, part, k);
    owns_current_listed_samples_record(net, part, k);
    owns_pull_samples_record(net, part, k);
    owns_tide_samples_record(net, part, k);
    rises_deliver(net, part, k);
    owns_later_spike_0_deliver(net, part, k);
    gated_update(net, part, k);
    owns_update(net, part, k);
    pair_update(net, part, k);
    (void)net, (void)part, (void)k;
}

/* Send what fired anywhere along the edges that end in a part, and do the rest of the step. */
static void end_step(const struct simulation *simulation, struct part *part, int64_t k)
{
    struct departure departures[3 * simulation->n_parts];
    int count = 0;
    for (int p = 0; p < simulation->n_parts; p++) {
        const struct part *from = &simulation->parts[p];
        departures[count++] = (struct departure) { &part->bundles[0], 5, from->owns_fired[k & 1], from->owns_n_fired[k & 1] };
        departures[count++] = (struct departure) { &part->bundles[1], 0, from->owns_fired[k & 1], from->owns_n_fired[k & 1] };
        departures[count++] = (struct departure) { &part->bundles[0], 0, from->owns_rise_fired[k & 1], from->owns_rise_n_fired[k & 1] };
    }
    if (!send(departures, count, k)) {
        part->has_no_memory = true;
        part->ends[(k + 1) & 1] = true;  /* others have read this step's already */
    }
    (void)simulation, (void)part, (void)k;
}

/* Note the spikes of a step, part after part, which is in the order of neurons. */
static void note_spikes(struct simulation *simulation, int64_t k)
{
    const struct network *net = &simulation->net;
    bool is_full = false;
    {  /* owns */
        int64_t *n_noted = &net->n_noted[0];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->owns_n_fired[k & 1]; f++) {
                net->owns_steps[*n_noted] = k;
                net->owns_indices[(*n_noted)++] = part->owns_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 5 > 16399;
    }
    {  /* owns.rise */
        int64_t *n_noted = &net->n_noted[1];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->owns_rise_n_fired[k & 1]; f++) {
                net->owns_rise_steps[*n_noted] = k;
                net->owns_rise_indices[(*n_noted)++] = part->owns_rise_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 5 > 16399;
    }
    {  /* pair */
        int64_t *n_noted = &net->n_noted[2];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->pair_n_fired[k & 1]; f++) {
                net->pair_steps[*n_noted] = k;
                net->pair_indices[(*n_noted)++] = part->pair_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 2 > 16390;
    }
    simulation->ends[(k + 1) & 1] = is_full;
}

static bool must_end(const struct simulation *simulation, int64_t k)
{
    for (int p = 0; p < simulation->n_parts; p++)
        if (simulation->parts[p].ends[k & 1]) return true;
    return false;
}

/* What each thread does: steps of its parts, and a barrier with the others when it is known what
   fires. Steps alternate between two places for what the others read, so that one barrier is
   enough: who reads a place has left it before anyone comes back to it. */
static void work(struct simulation *simulation, struct worker *worker)
{
    struct part *parts = simulation->parts;
    const int n_parts = simulation->n_parts, threads = simulation->threads;
    const int first = n_parts * worker->number / threads;
    const int end = n_parts * (worker->number + 1) / threads;
    if (flushes_subnormals()) atomic_store(&simulation->is_flushing, true);
    wait_at(&simulation->barrier);
    if (atomic_load(&simulation->is_flushing)) return;
    int64_t k = simulation->k;
    while (k < simulation->stop) {
        if (worker->number == 1 % threads)
            simulation->totals[1] = pools_total(&simulation->net, parts, k);
        wait_at(&simulation->barrier);
        for (int p = first; p < end; p++) {
            for (int64_t i = parts[p].owns_first; i < parts[p].owns_end; i++)
                simulation->net.owns_gathered_gap[i] = 0.0;
            for (int64_t i = parts[p].owns_first; i < parts[p].owns_end; i++)
                simulation->net.owns_gathered_pool[i] = 0.0;
            gaps_gather(&simulation->net, &parts[p], k);
            pools_gather(&simulation->net, &parts[p], k, simulation->totals[1]);
        }
        wait_at(&simulation->barrier);
        for (int p = first; p < end; p++) begin_step(&simulation->net, &parts[p], k);
        wait_at(&simulation->barrier);
        if (must_end(simulation, k)) break;
        for (int p = first; p < end; p++) end_step(simulation, &parts[p], k);
        if (worker->number == 0) note_spikes(simulation, k);
        if (simulation->ends[k++ & 1]) break;
    }
    if (worker->number == 0) simulation->k = k;
}

static void *begin_work(void *argument)
{
    struct worker *worker = argument;
    int gate;
    while (!(gate = atomic_load_explicit(&worker->simulation->gate, memory_order_acquire))) sched_yield();
    if (gate > 0) work(worker->simulation, worker);
    return NULL;
}

ONCE void netspec_finish(struct simulation *simulation)
{
    for (int p = 0; simulation->parts && p < simulation->n_parts; p++)
        discard_part(&simulation->parts[p]);
    pthread_mutex_destroy(&simulation->barrier.mutex);
    pthread_cond_destroy(&simulation->barrier.opens);
    free(simulation->parts);
    free(simulation);
}

static void *make_parts(void *argument)
{
    struct worker *worker = argument;
    struct simulation *simulation = worker->simulation;
    for (int p = worker->number; p < simulation->n_parts; p += simulation->threads)
        if (!make_part(&simulation->net, &simulation->shares, &simulation->parts[p]))
            simulation->parts[p].has_no_memory = true;
    return NULL;
}

/* Prepare a run. Returns NULL if there is no memory.

   arrays: pointers in the order of `struct network`. */
ONCE struct simulation *netspec_start(void **arrays, int threads)
{
    struct simulation *simulation = calloc(1, sizeof *simulation);
    if (!simulation) return NULL;
    memcpy(&simulation->net, arrays, sizeof simulation->net);
    simulation->threads = threads;
    simulation->barrier.threads = threads;
    simulation->barrier.spins = 1024;
    pthread_mutex_init(&simulation->barrier.mutex, NULL);
    pthread_cond_init(&simulation->barrier.opens, NULL);
    simulation->n_parts = (1 + threads - 1) / threads * threads;
    simulation->shares.gated_share = share(3, simulation->n_parts);
    simulation->shares.owns_share = share(5, simulation->n_parts);
    simulation->shares.pair_share = share(2, simulation->n_parts);
    simulation->parts = calloc((size_t)simulation->n_parts, sizeof *simulation->parts);
    struct worker workers[threads];
    bool begun[threads], enough = simulation->parts;
    for (int p = 0; enough && p < simulation->n_parts; p++) simulation->parts[p].number = p;
    for (int number = 0; enough && number < threads; number++) {
        workers[number] = (struct worker) { .simulation = simulation, .number = number };
        begun[number] = number > 0
            && !pthread_create(&workers[number].thread, NULL, make_parts, &workers[number]);
    }
    for (int number = 0; enough && number < threads; number++) {
        if (begun[number]) pthread_join(workers[number].thread, NULL);
        else make_parts(&workers[number]);
    }
    for (int p = 0; enough && p < simulation->n_parts; p++)
        enough = !simulation->parts[p].has_no_memory;
    if (enough) return simulation;
    netspec_finish(simulation);
    return NULL;
}

enum { DONE, NOT_FINITE, NO_MEMORY, FLUSHES, NO_THREADS };

/* Copy the state that a part keeps to itself in a run: what exists once, and short countdowns. */
static void take_state(const struct network *net, struct part *part)
{
    part->owns_tide = net->owns_tide[0];
    (void)net, (void)part;
}

/* Copy it back. */
static void give_state(const struct network *net, const struct part *part)
{
    net->owns_tide[0] = part->owns_tide;
    (void)net, (void)part;
}

/* Run steps from k to before stop, or fewer if there is no room for more spikes. Returns the next
   step. The first item of `status` says how it went; the next ones where state is not finite. */
int64_t netspec_run(struct simulation *simulation, int64_t k, int64_t stop)
{
    const struct network *net = &simulation->net;
    struct worker workers[simulation->threads];
    int begun = 1;
    net->status[0] = DONE;
    simulation->k = k;
    simulation->stop = stop;
    simulation->ends[0] = simulation->ends[1] = false;
    atomic_store(&simulation->gate, 0);
    for (int p = 0; p < simulation->n_parts; p++) take_state(net, &simulation->parts[p]);
    for (int number = 0; number < simulation->threads; number++)
        workers[number] = (struct worker) { .simulation = simulation, .number = number };
    for (; begun < simulation->threads; begun++)
        if (pthread_create(&workers[begun].thread, NULL, begin_work, &workers[begun])) break;
    const bool all = begun == simulation->threads;
    atomic_store_explicit(&simulation->gate, all ? 1 : -1, memory_order_release);
    if (all) work(simulation, &workers[0]);
    for (int number = 1; number < begun; number++) pthread_join(workers[number].thread, NULL);
    for (int p = 0; p < simulation->n_parts; p++) give_state(net, &simulation->parts[p]);
    if (!all) net->status[0] = NO_THREADS;
    if (atomic_load(&simulation->is_flushing)) net->status[0] = FLUSHES;
    for (int p = 0; p < simulation->n_parts; p++) {
        const struct part *part = &simulation->parts[p];
        if (part->has_no_memory) net->status[0] = NO_MEMORY;
        if (!part->has_wrong || net->status[0] == NO_MEMORY) continue;
        const bool is_first = net->status[0] == DONE || part->wrong[0] < net->status[1]
            || (part->wrong[0] == net->status[1] && part->wrong[1] < net->status[2]);
        if (is_first) memcpy(net->status + 1, part->wrong, sizeof part->wrong);
        net->status[0] = NOT_FINITE;
    }
    return simulation->k;
}

#endif
