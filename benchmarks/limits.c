/* What the machine can do at most: how often a second, on some threads, each with data of its own.

     limits WHAT THREADS BYTES SECONDS

   prints one number. WHAT is `stream` (bytes that are read from an array of BYTES), `scatter` (events
   that are added to a row of sums, as the native backend does), `exp` (of netspec, which stands
   before this text) or `random` (words of Philox4x32-10). */

enum { ROW = 16384, EVENTS = 32768, BLOCK = 256 };

struct work {
    const char *what;
    size_t bytes;
    double seconds;
    double rate;
    pthread_barrier_t *together;
    volatile double sink;
};

struct data {
    uint64_t *array;
    double *row;
    uint16_t *targets;
    float *weights;
    double *numbers;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double stream(const struct work *work, struct data *data, double *done)
{
    uint64_t sum = 0;
    const size_t count = work->bytes / sizeof sum;
    for (size_t n = 0; n < count; n++) sum += data->array[n];
    *done += (double)(count * sizeof sum);
    return (double)sum;
}

static double scatter(const struct work *work, struct data *data, double *done)
{
    (void)work;
    double *restrict row = data->row;
    for (int e = 0; e < EVENTS; e++) row[data->targets[e]] += (double)data->weights[e];
    *done += EVENTS;
    return row[0];
}

static double exponentials(const struct work *work, struct data *data, double *done)
{
    (void)work;
    double *restrict numbers = data->numbers;
    for (int n = 0; n < BLOCK; n++) numbers[n] = netspec_exp(-numbers[n]);
    *done += BLOCK;
    return numbers[0];
}

static double random_words(const struct work *work, struct data *data, double *done)
{
    (void)work;
    uint32_t sum = 0;
    for (uint32_t n = 0; n < BLOCK; n++) {
        uint32_t c0 = n, c1 = (uint32_t)*done, c2 = 0, c3 = 0, k0 = 1, k1 = 2;
#pragma GCC unroll 10
        for (int number = 0; number < 10; number++) {
            const uint64_t product0 = UINT64_C(0xD2511F53) * c0;
            const uint64_t product1 = UINT64_C(0xCD9E8D57) * c2;
            c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)product1;
            c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)product0;
            k0 += UINT32_C(0x9E3779B9);
            k1 += UINT32_C(0xBB67AE85);
        }
        sum += c0 ^ c1 ^ c2 ^ c3;
    }
    *done += 4 * BLOCK;
    (void)data;
    return (double)sum;
}

static void *run(void *given)
{
    struct work *work = given;
    double (*step)(const struct work *, struct data *, double *) =
        !strcmp(work->what, "stream") ? stream : !strcmp(work->what, "scatter") ? scatter
        : !strcmp(work->what, "exp") ? exponentials : random_words;
    struct data data = {
        malloc(work->bytes + 8), calloc(ROW, sizeof(double)), malloc(EVENTS * sizeof(uint16_t)),
        malloc(EVENTS * sizeof(float)), malloc(BLOCK * sizeof(double))
    };
    memset(data.array, 1, work->bytes);
    uint32_t state = 1;
    for (int e = 0; e < EVENTS; e++) {
        state = state * 1664525u + 1013904223u;
        data.targets[e] = (uint16_t)(state >> 16 & (ROW - 1));
        data.weights[e] = 1.0f;
    }
    for (int n = 0; n < BLOCK; n++) data.numbers[n] = 0.01 * n;
    double done = 0.0;
    work->sink = step(work, &data, &done);
    pthread_barrier_wait(work->together);
    done = 0.0;
    const double begin = now();
    double passed;
    do work->sink += step(work, &data, &done);
    while ((passed = now() - begin) < work->seconds);
    work->rate = done / passed;
    pthread_barrier_wait(work->together);
    free(data.array);
    free(data.row);
    free(data.targets);
    free(data.weights);
    free(data.numbers);
    return NULL;
}

int main(int count, char **given)
{
    if (count != 5) return 2;
    const int threads = atoi(given[2]);
    pthread_t handles[threads];
    struct work works[threads];
    pthread_barrier_t together;
    pthread_barrier_init(&together, NULL, (unsigned)threads);
    double rate = 0.0;
    for (int n = 0; n < threads; n++) {
        works[n] = (struct work) {
            given[1], (size_t)atof(given[3]) / (size_t)threads, atof(given[4]), 0.0, &together, 0.0
        };
        if (pthread_create(&handles[n], NULL, run, &works[n])) return 1;
    }
    for (int n = 0; n < threads; n++) {
        pthread_join(handles[n], NULL);
        rate += works[n].rate;
    }
    printf("%.6e\n", rate);
    return 0;
}
