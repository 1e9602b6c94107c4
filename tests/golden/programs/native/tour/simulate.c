/* tour: a spiking network as a C program, emitted by netspec.

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
#define HERE(section) ((section) * PIECES / 6 == PIECE)
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

/* population owns: 5 neurons, equations, euler
     ds_S/dt = -s_S / tau_S
     dw/dt = (where(x > level / 2.0 and not w > 1.0, x * x, log1p(abs(x))) - w) / tau
     dx/dt = (gain * exp(min(x, level)) - w + sqrt(t / tau)) / tau
     spike when x > level and not _held: _refractory = _period, x = x / 4.0, w = w + 0.1
*/
static const double owns_tau = 0.01;  /* s */
static const double owns_tau_S = 0.005;  /* s */

/* population relays: 4 neurons, leaky_if, exact
     dI_I/dt = -I_I / tau_decay_I
     dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m
     current_I = I_I
     I_syn = current_I
     spike when V > V_th and not _held: _refractory = _period, V = V_reset
*/
static const double relays_V_reset = -0.0656;  /* V */
static const double relays_V_th = -0.0504;  /* V */
static const int64_t relays_period = 20LL;  /* steps */

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

/* log(1 + x) to 1 ulp; -infinity at -1, NaN below. */
static inline double netspec_log1p(double x) {
    const double u = 1.0 + x;
    const double lost_of_one = 1.0 - (u - x);
    const double lost_of_x = x - (u - 1.0);
    const double lost = (x > 1.0 ? lost_of_one : lost_of_x);
    const double finite = netspec_log_sum(u, 0.0, lost / u);
    const double infinity = netspec_pow2(1024.0);
    const double invalid = infinity - infinity;
    const double above = (x > 1.7976931348623157e+308 ? x : finite);
    const double upward = (x > -1.0 ? above : invalid);
    const double downward = (x == -1.0 ? -infinity : upward);
    return (x == 0.0 ? x : downward);
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

/* Note which neurons of a Poisson source fire: those whose draw is below high * 2**32 + low. */
static int64_t poisson_spikes(
    uint32_t *restrict fired, const uint64_t *high, const uint32_t *low, int count, int64_t first,
    int64_t step, uint32_t key0, uint32_t key1
) {
    uint32_t draws[BLOCK], others[BLOCK];
    int64_t fires[BLOCK];
    int64_t any = 0, ties = 0, n_fired = 0;
    draw_words(draws, count, first, step, HIGH, key0, key1);
    for (int n = 0; n < count; n++) {
        fires[n] = draws[n] < high[n];
        any |= fires[n];
        ties |= draws[n] == high[n];
    }
    if (ties) {
        draw_words(others, count, first, step, LOW, key0, key1);
        for (int n = 0; n < count; n++) fires[n] |= draws[n] == high[n] && others[n] < low[n];
    }
    if (any | ties)
        for (int n = 0; n < count; n++)
            if (fires[n]) fired[n_fired++] = (uint32_t)(first + n);
    return n_fired;
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
    const int64_t own = edges->several_delays ? e : 0;
    (void)e;
    return ((const uint8_t *)edges->delays)[own];
}

static inline double weight_of(const struct edges *edges, int64_t e)
{
    return ((const float *)edges->weights)[e];
}

/* An edge as it is stored with its weight: a place in a row of the part. */
struct __attribute__((packed)) int32_edge {
    uint16_t target;
    int32_t weight;
};

/* An edge as it is stored: a place in a row of the part. */
struct __attribute__((packed)) edge {
    uint16_t target;
};

/* How edges of a bundle are stored. */
enum record { INT32_EDGE, ROWS, EDGE };

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
        case INT32_EDGE:
            for (int64_t e = 0; e < count; e++) {
                const uint64_t place = places[loose[e].delay]++;
                struct int32_edge *edge = (struct int32_edge *)bundle->edges + place;
                edge->target = loose[e].target;
                edge->weight = (int32_t)(weight_of(from, start + loose[e].number) * from->per_unit);
                if (bundle->origins) bundle->origins[place] = (uint64_t)(start + loose[e].number);
            }
            break;
        case ROWS:
            for (int64_t e = 0; e < count; e++) {
                const int64_t place = source * layout->width + loose[e].target;
                ((int16_t *)bundle->edges)[place] = 1;
            }
            break;
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
    double *owns_s_S;
    double *owns_w;
    double *owns_x;
    int64_t *owns_refractory;
    double *owns_gain;
    double *owns_level;
    int64_t *owns_period;  /* steps */
    double *relays_I_I;  /* A */
    double *relays_V;  /* V */
    int64_t *relays_refractory;
    double *relays_propagator_0_0;
    double *relays_propagator_1_0;  /* ohm */
    double *relays_propagator_1_1;
    double *relays_propagator_1;  /* V */
    int64_t *beats_listed_steps;  /* and one that never comes */
    uint32_t *beats_listed_indices;
    uint64_t *rain_high;  /* fires if a draw is below high * 2**32 + low */
    uint32_t *rain_low;
    uint32_t *rain_key;  /* of its stream */
    int64_t *back_firsts;  /* by source */
    uint16_t *back_targets;
    uint8_t *back_delays;  /* steps */
    float *back_weights;
    int64_t *gated_firsts;  /* by source */
    uint16_t *gated_targets;
    uint8_t *gated_delays;  /* steps */
    int64_t *gated_connected;
    int64_t *wet_firsts;  /* by source */
    uint16_t *wet_targets;
    uint8_t *wet_delays;  /* steps */
    double *owns_w_samples;
    int64_t *owns_w_samples_sample_steps;
    double *owns_x_samples;
    double *relays_V_samples;
    int64_t *beats_steps;
    int64_t *beats_indices;
    int64_t *owns_steps;
    int64_t *owns_indices;
    int64_t *rain_steps;
    int64_t *rain_indices;
    int64_t *relays_steps;
    int64_t *relays_indices;
    int64_t *n_noted;  /* spikes of each object that were noted and not yet taken */
    int64_t *status;  /* how a run went */
};

/* How many neurons of each population and source a part has at most. */
struct shares {
    int64_t owns_share;
    int64_t relays_share;
    int64_t beats_share;
    int64_t rain_share;
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
    struct bundle bundles[3];
    int64_t owns_first;
    int64_t owns_end;
    int64_t relays_first;
    int64_t relays_end;
    int64_t beats_first;
    int64_t beats_end;
    int64_t rain_first;
    int64_t rain_end;
    int32_t *relays_I_acc;
    int32_t *relays_I_n_events;
    int32_t *owns_P_acc;
    int32_t *owns_P_n_events;
    int32_t *owns_S_acc;
    int32_t *owns_S_n_events;
    uint32_t *beats_fired[2];
    int64_t beats_n_fired[2];
    uint32_t *owns_fired[2];
    int64_t owns_n_fired[2];
    uint32_t *rain_fired[2];
    int64_t rain_n_fired[2];
    uint32_t *relays_fired[2];
    int64_t relays_n_fired[2];
    int16_t *owns_refractory;
    int16_t *relays_refractory;
    int64_t beats_next;  /* listed event */
    int64_t owns_w_samples_n_samples;  /* next sample */
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

/* --- sources ---------------------------------------------------------------------------------- */

#if HERE(0)

/* listed events of beats */
LINKED void beats_emit(const struct network *net, struct part *part, int64_t k)
{
    const int64_t first = part->beats_first, end = part->beats_end;
    int64_t n_fired = 0;
    for (; net->beats_listed_steps[part->beats_next] == k; part->beats_next++) {
        const uint32_t i = net->beats_listed_indices[part->beats_next];
        if (first <= i && i < end) part->beats_fired[k & 1][n_fired++] = i;
    }
    part->beats_n_fired[k & 1] = n_fired;
}

/* Poisson source rain */
LINKED void rain_emit(const struct network *net, struct part *part, int64_t k)
{
    uint32_t *fired = part->rain_fired[k & 1];
    int64_t n_fired = 0;
    for (int64_t start = part->rain_first; start < part->rain_end; start += BLOCK) {
        const int64_t left = part->rain_end - start;
        n_fired += poisson_spikes(
            fired + n_fired, net->rain_high + start, net->rain_low + start,
            left < BLOCK ? (int)left : BLOCK, start, k, net->rain_key[0], net->rain_key[1]
        );
    }
    part->rain_n_fired[k & 1] = n_fired;
}

#endif

/* --- what looks at the state before a step ------------------------------------------------------ */

/* recording of owns, w */
static void owns_w_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (part->owns_w_samples_n_samples == 50) return;
    if (net->owns_w_samples_sample_steps[part->owns_w_samples_n_samples] != k) return;
    const int64_t number = part->owns_w_samples_n_samples++;
    const int64_t first = part->owns_first > 0 ? part->owns_first : 0;
    const int64_t end = part->owns_end < 2 ? part->owns_end : 2;
    double *row = net->owns_w_samples + number * 2 - 0;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_w[i];
    }
}

/* recording of owns, x */
static void owns_x_samples_record(const struct network *net, struct part *part, int64_t k)
{
    const int64_t number = k;
    const int64_t first = part->owns_first > 0 ? part->owns_first : 0;
    const int64_t end = part->owns_end < 5 ? part->owns_end : 5;
    double *row = net->owns_x_samples + number * 5 - 0;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->owns_x[i];
    }
}

/* recording of relays, V */
static void relays_V_samples_record(const struct network *net, struct part *part, int64_t k)
{
    if (k % 5) return;
    const int64_t number = k / 5;
    const int64_t first = part->relays_first > 1 ? part->relays_first : 1;
    const int64_t end = part->relays_end < 3 ? part->relays_end : 3;
    double *row = net->relays_V_samples + number * 2 - 1;
    for (int64_t i = first; i < end; i++) {
        row[i] = net->relays_V[i];
    }
}

/* --- population owns -------------------------------------------------------------------------- */

#if HERE(1)

/* update and events */
LINKED void owns_update(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    const double owns_gain = net->owns_gain[0];
    uint32_t *owns_fired = part->owns_fired[k & 1];
    int64_t owns_n_fired = 0;
    for (int64_t start = part->owns_first; start < part->owns_end; start += BLOCK) {
        const int64_t left = part->owns_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict owns_s_S = net->owns_s_S + start;
        double *restrict owns_w = net->owns_w + start;
        double *restrict owns_x = net->owns_x + start;
        int16_t *restrict owns_refractory = part->owns_refractory + (start - part->owns_first);
        const double *restrict owns_level = net->owns_level + start;
        const int64_t *restrict owns_period = net->owns_period + start;

        int64_t any_wrong = 0;
        int16_t owns_spike_happens[BLOCK], owns_spike_any = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const bool owns_held_next = owns_refractory[n] > 0LL;
            const int64_t owns_refractory_next =
                (owns_refractory[n] > 0LL ? owns_refractory[n] - 1LL : owns_refractory[n]);
            const double owns_s_S_next = owns_s_S[n] + dt * (-owns_s_S[n] / owns_tau_S);
            const double owns_w_next =
                owns_w[n] + dt * (((owns_x[n] > owns_level[n] / 2.0 && !(owns_w[n] > 1.0)
                ? owns_x[n] * owns_x[n] : netspec_log1p(fabs(owns_x[n]))) - owns_w[n]) / owns_tau);
            const double owns_x_next =
                owns_x[n] + dt * ((owns_gain * netspec_exp(netspec_min(owns_x[n], owns_level[n]))
                - owns_w[n] + sqrt(t / owns_tau)) / owns_tau);
            const double all =
                owns_s_S_next + owns_w_next + owns_x_next;
            any_wrong |= not_finite(all);
            owns_spike_happens[n] = owns_x_next > owns_level[n] && !owns_held_next;
            owns_spike_any |= owns_spike_happens[n];
            owns_refractory[n] = owns_refractory_next;
            owns_s_S[n] = owns_s_S_next;
            owns_w[n] = owns_w_next;
            owns_x[n] = owns_x_next;
        }
        for (int n = 0; any_wrong && n < count; n++) {
            const int64_t wrong =
                wrong_if(!is_finite(owns_s_S[n]), 1,
                wrong_if(!is_finite(owns_w[n]), 2,
                wrong_if(!is_finite(owns_x[n]), 3,
                0)));
            if (!wrong) continue;
            note_wrong(part, k, 0, start + n, wrong - 1);
            break;
        }

        const int64_t owns_spike_known = owns_n_fired;
        if (owns_spike_any)
            owns_n_fired = list(owns_spike_happens, count, start, owns_fired, owns_n_fired);
        for (int64_t f = owns_spike_known; f < owns_n_fired; f++) {
            const int64_t n = owns_fired[f] - start;
            owns_refractory[n] = owns_period[n];
        }
    }
    part->owns_n_fired[k & 1] = owns_n_fired;
}

/* receptors and resets, from the last block to the first: those that were updated last are still in the
   cache, and so are the first ones in the next step */
LINKED void owns_ports(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    const uint32_t *owns_fired = part->owns_fired[k & 1];
    const int64_t owns_n_fired = part->owns_n_fired[k & 1];
    int64_t owns_spike_reached = owns_n_fired;
    const int64_t last = (part->owns_end - part->owns_first - 1) / BLOCK * BLOCK;
    for (int64_t start = part->owns_first + last; start >= part->owns_first; start -= BLOCK) {
        const int64_t left = part->owns_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict owns_s_S = net->owns_s_S + start;
        double *restrict owns_w = net->owns_w + start;
        double *restrict owns_x = net->owns_x + start;
        int32_t *restrict owns_P_acc = part->owns_P_acc + (start - part->owns_first);
        int32_t *restrict owns_S_acc = part->owns_S_acc + (start - part->owns_first);
        int32_t *restrict owns_S_n_events = part->owns_S_n_events + (start - part->owns_first);
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const double owns_x_next = owns_x[n] + ((double)owns_P_acc[n] * 0.25);
            const double owns_s_S_next =
                owns_s_S[n] + (double)((int64_t)owns_S_n_events[n]) * 0.05 * (1.0 - owns_s_S[n])
                + 0.0 * ((double)owns_S_acc[n] * 1.0);
            owns_x[n] = owns_x_next;
            owns_s_S[n] = owns_s_S_next;
            owns_P_acc[n] = 0;
            owns_S_acc[n] = 0;
            owns_S_n_events[n] = 0;
        }
        for (; owns_spike_reached > 0; owns_spike_reached--) {
            const int64_t n = owns_fired[owns_spike_reached - 1] - start;
            if (n < 0) break;
            owns_x[n] = owns_x[n] / 4.0;
            owns_w[n] = owns_w[n] + 0.1;
        }
    }
}

#endif

/* --- population relays ------------------------------------------------------------------------ */

#if HERE(2)

/* update and events */
LINKED void relays_update(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    const double relays_propagator_0_0 = net->relays_propagator_0_0[0];
    const double relays_propagator_1_0 = net->relays_propagator_1_0[0];
    const double relays_propagator_1_1 = net->relays_propagator_1_1[0];
    const double relays_propagator_1 = net->relays_propagator_1[0];
    uint32_t *relays_fired = part->relays_fired[k & 1];
    int64_t relays_n_fired = 0;
    for (int64_t start = part->relays_first; start < part->relays_end; start += BLOCK) {
        const int64_t left = part->relays_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict relays_I_I = net->relays_I_I + start;
        double *restrict relays_V = net->relays_V + start;
        int16_t *restrict relays_refractory = part->relays_refractory + (start - part->relays_first);

        int64_t any_wrong = 0;
        int16_t relays_spike_happens[BLOCK], relays_spike_any = 0;
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const bool relays_held_next = relays_refractory[n] > 0LL;
            const int64_t relays_refractory_next =
                (relays_refractory[n] > 0LL ? relays_refractory[n] - 1LL : relays_refractory[n]);
            const double relays_I_I_next = relays_propagator_0_0 * relays_I_I[n];
            const double relays_V_next =
                (relays_held_next ? relays_V[n] : relays_propagator_1_0 * relays_I_I[n]
                + relays_propagator_1_1 * relays_V[n] + relays_propagator_1);
            const double all =
                relays_I_I_next + relays_V_next;
            any_wrong |= not_finite(all);
            relays_spike_happens[n] = relays_V_next > relays_V_th && !relays_held_next;
            relays_spike_any |= relays_spike_happens[n];
            relays_refractory[n] = relays_refractory_next;
            relays_I_I[n] = relays_I_I_next;
            relays_V[n] = relays_V_next;
        }
        for (int n = 0; any_wrong && n < count; n++) {
            const int64_t wrong =
                wrong_if(!is_finite(relays_I_I[n]), 1,
                wrong_if(!is_finite(relays_V[n]), 2,
                0));
            if (!wrong) continue;
            note_wrong(part, k, 1, start + n, wrong - 1);
            break;
        }

        const int64_t relays_spike_known = relays_n_fired;
        if (relays_spike_any)
            relays_n_fired = list(relays_spike_happens, count, start, relays_fired, relays_n_fired);
        for (int64_t f = relays_spike_known; f < relays_n_fired; f++) {
            const int64_t n = relays_fired[f] - start;
            relays_refractory[n] = relays_period;
        }
    }
    part->relays_n_fired[k & 1] = relays_n_fired;
}

/* receptors and resets, from the last block to the first: those that were updated last are still in the
   cache, and so are the first ones in the next step */
LINKED void relays_ports(const struct network *net, struct part *part, int64_t k)
{
    const double t = (double)k * dt;
    (void)net, (void)t;
    const uint32_t *relays_fired = part->relays_fired[k & 1];
    const int64_t relays_n_fired = part->relays_n_fired[k & 1];
    int64_t relays_spike_reached = relays_n_fired;
    const int64_t last = (part->relays_end - part->relays_first - 1) / BLOCK * BLOCK;
    for (int64_t start = part->relays_first + last; start >= part->relays_first; start -= BLOCK) {
        const int64_t left = part->relays_end - start;
        const int count = left < BLOCK ? (int)left : BLOCK;
        double *restrict relays_I_I = net->relays_I_I + start;
        double *restrict relays_V = net->relays_V + start;
        int32_t *restrict relays_I_acc = part->relays_I_acc + (start - part->relays_first);
        SIDE_BY_SIDE
        for (int n = 0; n < count; n++) {
            const double relays_I_I_next =
                relays_I_I[n] + ((double)relays_I_acc[n] * 4.336808689942018e-19);
            relays_I_I[n] = relays_I_I_next;
            relays_I_acc[n] = 0;
        }
        for (; relays_spike_reached > 0; relays_spike_reached--) {
            const int64_t n = relays_fired[relays_spike_reached - 1] - start;
            if (n < 0) break;
            relays_V[n] = relays_V_reset;
        }
    }
}

#endif

/* --- what arrives in a step --------------------------------------------------------------------- */

/* back: owns to relays.I */
static void back_deliver(const struct network *net, struct part *part, int64_t k)
{
    enum { AHEAD = 8 };  /* arrivals whose edges are on their way from memory */
    struct bundle *bundle = &part->bundles[0];
    struct slot *due = &bundle->calendar[k & bundle->mask];
    const int64_t count = due->count;
    const struct int32_edge *edges = bundle->edges;
    int32_t *restrict sums = part->relays_I_acc;
    (void)net;
    due->count = 0;
    for (int64_t s = -AHEAD; s < count; s++) {
        if (s + AHEAD < count) {
            const struct arrival later = due->arrivals[s + AHEAD];
            fetch(edges + later.first, later.count * sizeof *edges);
        }
        if (s < 0) continue;
        const struct arrival each = due->arrivals[s];
        const struct int32_edge *end = edges + each.first + each.count;
        for (const struct int32_edge *edge = edges + each.first; edge < end; edge++) {
            sums[edge->target] += edge->weight;
        }
    }
}

/* gated: beats to owns.P */
static void gated_deliver(const struct network *net, struct part *part, int64_t k)
{
    enum { AHEAD = 8 };  /* arrivals whose edges are on their way from memory */
    struct bundle *bundle = &part->bundles[1];
    struct slot *due = &bundle->calendar[k & bundle->mask];
    const int64_t count = due->count;
    const int16_t *edges = bundle->edges;
    const int64_t width = part->owns_end - part->owns_first;
    const int32_t weight = 1;
    int32_t *restrict sums = part->owns_P_acc;
    (void)net;
    due->count = 0;
    if (!net->gated_connected[0]) return;
    for (int64_t s = -AHEAD; s < count; s++) {
        if (s + AHEAD < count) {
            const struct arrival later = due->arrivals[s + AHEAD];
            fetch(edges + later.first, (size_t)width * sizeof *edges);
        }
        if (s < 0) continue;
        const struct arrival each = due->arrivals[s];
        const int16_t *row = edges + each.first;
        for (int64_t n = 0; n < width; n++) sums[n] += row[n] * weight;
    }
}

/* wet: rain to owns.S */
static void wet_deliver(const struct network *net, struct part *part, int64_t k)
{
    enum { AHEAD = 8 };  /* arrivals whose edges are on their way from memory */
    struct bundle *bundle = &part->bundles[2];
    struct slot *due = &bundle->calendar[k & bundle->mask];
    const int64_t count = due->count;
    const struct edge *edges = bundle->edges;
    const int32_t weight = 1;
    int32_t *restrict sums = part->owns_S_acc;
    int32_t *restrict counts = part->owns_S_n_events;
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
            counts[edge->target]++;
        }
    }
}

/* --- a run ------------------------------------------------------------------------------------ */

#if HERE(3)

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
    part->owns_first = least(part->number * shares->owns_share, 5);
    part->owns_end = least(part->owns_first + shares->owns_share, 5);
    part->relays_first = least(part->number * shares->relays_share, 4);
    part->relays_end = least(part->relays_first + shares->relays_share, 4);
    part->beats_first = least(part->number * shares->beats_share, 2);
    part->beats_end = least(part->beats_first + shares->beats_share, 2);
    part->rain_first = least(part->number * shares->rain_share, 6);
    part->rain_end = least(part->rain_first + shares->rain_share, 6);
    int64_t length = 0;
    length += shares->relays_share;
    length += shares->owns_share;
    length += shares->owns_share;
    if (!(part->sums = cleared(length, sizeof *part->sums))) return false;
    if (!(part->whole_sums = cleared(length, sizeof *part->whole_sums))) return false;
    if (!(part->counts = cleared(length, sizeof *part->counts))) return false;
    int64_t place = 0;
    part->relays_I_acc = part->whole_sums + place;
    part->relays_I_n_events = part->counts + place;
    place += shares->relays_share;
    part->owns_P_acc = part->whole_sums + place;
    part->owns_P_n_events = part->counts + place;
    place += shares->owns_share;
    part->owns_S_acc = part->whole_sums + place;
    part->owns_S_n_events = part->counts + place;
    place += shares->owns_share;
    (void)place;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->beats_fired[parity] = cleared(shares->beats_share, sizeof(uint32_t)))) return false;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->owns_fired[parity] = cleared(shares->owns_share, sizeof(uint32_t)))) return false;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->rain_fired[parity] = cleared(shares->rain_share, sizeof(uint32_t)))) return false;
    for (int parity = 0; parity < 2; parity++)
        if (!(part->relays_fired[parity] = cleared(shares->relays_share, sizeof(uint32_t)))) return false;
    if (!(part->owns_refractory = cleared(shares->owns_share, sizeof(int16_t)))) return false;
    if (!(part->relays_refractory = cleared(shares->relays_share, sizeof(int16_t)))) return false;
    const struct layout layout_0 = { INT32_EDGE, sizeof(struct int32_edge), true, 0 };
    const struct edges edges_0[] = {
        {  /* back: owns to relays.I */
            0, 5, net->back_firsts, net->back_targets, 2, net->back_weights, 4,
            net->back_delays, 1, true, 2.305843009213694e+18, (uint32_t)(part->relays_I_acc - part->relays_I_acc), (uint32_t)shares->relays_share
        },
    };
    if (!pack(&part->bundles[0], &layout_0, edges_0, 1, 5, part->number)) return false;
    const struct layout layout_1 = { ROWS, sizeof(int16_t), false, shares->owns_share };
    const struct edges edges_1[] = {
        {  /* gated: beats to owns.P */
            0, 2, net->gated_firsts, net->gated_targets, 2, NULL, 4,
            net->gated_delays, 1, false, 1.0, (uint32_t)(part->owns_P_acc - part->owns_P_acc), (uint32_t)shares->owns_share
        },
    };
    if (!pack(&part->bundles[1], &layout_1, edges_1, 1, 2, part->number)) return false;
    const struct layout layout_2 = { EDGE, sizeof(struct edge), false, 0 };
    const struct edges edges_2[] = {
        {  /* wet: rain to owns.S */
            0, 6, net->wet_firsts, net->wet_targets, 2, NULL, 4,
            net->wet_delays, 1, false, 1.0, (uint32_t)(part->owns_S_acc - part->owns_S_acc), (uint32_t)shares->owns_share
        },
    };
    if (!pack(&part->bundles[2], &layout_2, edges_2, 1, 6, part->number)) return false;
    return true;
}

ONCE static void discard_part(struct part *part)
{
    for (int number = 0; number < 3; number++) discard(&part->bundles[number]);
    free(part->sums);
    free(part->whole_sums);
    free(part->counts);
    for (int parity = 0; parity < 2; parity++) free(part->beats_fired[parity]);
    for (int parity = 0; parity < 2; parity++) free(part->owns_fired[parity]);
    for (int parity = 0; parity < 2; parity++) free(part->rain_fired[parity]);
    for (int parity = 0; parity < 2; parity++) free(part->relays_fired[parity]);
    free(part->owns_refractory);
    free(part->relays_refractory);
}

/* What is done in a step by populations and sources. */
typedef void action(const struct network *net, struct part *part, int64_t k);
LINKED action owns_update;
LINKED action relays_update;
LINKED action beats_emit;
LINKED action rain_emit;
LINKED action owns_ports;
LINKED action relays_ports;

/* Do a step of a part up to what fires in it. */
static void begin_step(const struct network *net, struct part *part, int64_t k)
{
    owns_w_samples_record(net, part, k);
    owns_x_samples_record(net, part, k);
    relays_V_samples_record(net, part, k);
    owns_update(net, part, k);
    relays_update(net, part, k);
    beats_emit(net, part, k);
    rain_emit(net, part, k);
    (void)net, (void)part, (void)k;
}

/* Send what fired anywhere along the edges that end in a part, and do the rest of the step. */
static void end_step(const struct simulation *simulation, struct part *part, int64_t k)
{
    struct departure departures[3 * simulation->n_parts];
    int count = 0;
    for (int p = 0; p < simulation->n_parts; p++) {
        const struct part *from = &simulation->parts[p];
        departures[count++] = (struct departure) { &part->bundles[1], 0, from->beats_fired[k & 1], from->beats_n_fired[k & 1] };
        departures[count++] = (struct departure) { &part->bundles[0], 0, from->owns_fired[k & 1], from->owns_n_fired[k & 1] };
        departures[count++] = (struct departure) { &part->bundles[2], 0, from->rain_fired[k & 1], from->rain_n_fired[k & 1] };
    }
    if (!send(departures, count, k)) {
        part->has_no_memory = true;
        part->ends[(k + 1) & 1] = true;  /* others have read this step's already */
    }
    back_deliver(&simulation->net, part, k);
    gated_deliver(&simulation->net, part, k);
    wet_deliver(&simulation->net, part, k);
    relays_ports(&simulation->net, part, k);
    owns_ports(&simulation->net, part, k);
    (void)simulation, (void)part, (void)k;
}

/* Note the spikes of a step, part after part, which is in the order of neurons. */
static void note_spikes(struct simulation *simulation, int64_t k)
{
    const struct network *net = &simulation->net;
    bool is_full = false;
    {  /* beats */
        int64_t *n_noted = &net->n_noted[0];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->beats_n_fired[k & 1]; f++) {
                net->beats_steps[*n_noted] = k;
                net->beats_indices[(*n_noted)++] = part->beats_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 2 > 16390;
    }
    {  /* owns */
        int64_t *n_noted = &net->n_noted[1];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->owns_n_fired[k & 1]; f++) {
                net->owns_steps[*n_noted] = k;
                net->owns_indices[(*n_noted)++] = part->owns_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 5 > 16399;
    }
    {  /* rain */
        int64_t *n_noted = &net->n_noted[2];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->rain_n_fired[k & 1]; f++) {
                net->rain_steps[*n_noted] = k;
                net->rain_indices[(*n_noted)++] = part->rain_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 6 > 16402;
    }
    {  /* relays */
        int64_t *n_noted = &net->n_noted[3];
        for (int p = 0; p < simulation->n_parts; p++) {
            const struct part *part = &simulation->parts[p];
            for (int64_t f = 0; f < part->relays_n_fired[k & 1]; f++) {
                net->relays_steps[*n_noted] = k;
                net->relays_indices[(*n_noted)++] = part->relays_fired[k & 1][f];
            }
        }
        is_full |= *n_noted + 2 * 4 > 16396;
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
    simulation->shares.owns_share = share(5, simulation->n_parts);
    simulation->shares.relays_share = share(4, simulation->n_parts);
    simulation->shares.beats_share = share(2, simulation->n_parts);
    simulation->shares.rain_share = share(6, simulation->n_parts);
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
    for (int64_t i = part->owns_first; i < part->owns_end; i++)
        part->owns_refractory[i - part->owns_first] = (int16_t)net->owns_refractory[i];
    for (int64_t i = part->relays_first; i < part->relays_end; i++)
        part->relays_refractory[i - part->relays_first] = (int16_t)net->relays_refractory[i];
    (void)net, (void)part;
}

/* Copy it back. */
static void give_state(const struct network *net, const struct part *part)
{
    for (int64_t i = part->owns_first; i < part->owns_end; i++)
        net->owns_refractory[i] = part->owns_refractory[i - part->owns_first];
    for (int64_t i = part->relays_first; i < part->relays_end; i++)
        net->relays_refractory[i] = part->relays_refractory[i - part->relays_first];
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

/* Give all edges of a bundle new weights, as they are stored, in canonical order; events on their way
   arrive with them.

   back: owns to relays.I */
void netspec_set_weights_0(struct simulation *simulation, const int32_t *weights)
{
    for (int p = 0; p < simulation->n_parts; p++) {
        struct bundle *bundle = &simulation->parts[p].bundles[0];
        struct int32_edge *edges = bundle->edges;
        const uint64_t count = bundle->leaving[5].edge;
        for (uint64_t e = 0; e < count; e++) edges[e].weight = weights[bundle->origins[e]];
    }
}

#endif
