/* What the machine can do at most: how often a second, on some threads, each with data of its own.

     limits WHAT THREADS BYTES SECONDS

   prints one number. WHAT is `stream` (bytes that are read from an array of BYTES), `scatter` (events
   that are added to a row of sums, as the native backend does), `exp` or `exprel` (of netspec, near 0
   for the second), `random` (words) or `running` (seconds in which a thread that only looks at the clock
   has its core: the rest goes to the system, or to others on the same hardware). What computes these
   stands before this text. */

enum { ROW = 16384, EVENTS = 32768, BLOCK = 256, LOOKS = 1024 };

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

static double near_exprels(const struct work *work, struct data *data, double *done)
{
    (void)work;
    double *restrict numbers = data->numbers;
    for (int n = 0; n < BLOCK; n++) numbers[n] = netspec_exprel_near(1.0 - numbers[n]);
    *done += BLOCK;
    return numbers[0];
}

static double random_words(const struct work *work, struct data *data, double *done)
{
    (void)work;
    uint32_t words[BLOCK], all = 0;
    lanes rows[TURNS] = {{0}}, numbers[TURNS];
    for (int turn = 0; turn < TURNS; turn++) numbers[turn] = (lanes){0} + (uint64_t)*done;
    for (int n = 0; n < BLOCK; n += 4 * BLOCKS) {
        rows[0] += 1;
        make_blocks(words + n, rows, numbers, HIGH, 1, 2);
    }
    for (int n = 0; n < BLOCK; n++) all ^= words[n];
    *done += BLOCK;
    return (double)all;
}

static double running(const struct work *work, struct data *data, double *done)
{
    (void)work, (void)data;
    double before = now();
    for (int n = 0; n < LOOKS; n++) {
        const double after = now();
        if (after - before < 1e-6) *done += after - before;  /* longer than a look at the clock takes */
        before = after;
    }
    return before;
}

static void *run(void *given)
{
    struct work *work = given;
    double (*step)(const struct work *, struct data *, double *) =
        !strcmp(work->what, "stream") ? stream : !strcmp(work->what, "scatter") ? scatter
        : !strcmp(work->what, "exp") ? exponentials
        : !strcmp(work->what, "exprel") ? near_exprels
        : !strcmp(work->what, "random") ? random_words : running;
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
