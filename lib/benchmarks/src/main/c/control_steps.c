/*
 * The yardstick of ControlRates: control steps per second of processor time of a model in C, with the same calls of MuJoCo in the same
 * order and the same actions, without reward and observation.
 *
 *   control_steps MODEL.xml PHYSICS_STEPS
 *
 * Prints a rate, measured for half a second, for each byte on standard input; src/main/python/control_rates.py builds and runs it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <mujoco/mujoco.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
    char error[1000] = "";
    if (argc < 3) {
        fprintf(stderr, "usage: %s MODEL.xml PHYSICS_STEPS\n", argv[0]);
        return 2;
    }
    mjModel *m = mj_loadXML(argv[1], NULL, error, sizeof error);
    if (!m) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    mjData *d = mj_makeData(m);
    int physics = atoi(argv[2]);
    int step = 0;
    double *action = malloc(1000 * m->nu * sizeof(double));
    for (int i = 0; i < 1000 * m->nu; i++) {
        action[i] = sin(0.1 * (i / m->nu) + i % m->nu);
    }
    while (getchar() != EOF) {
        double start = now(), stop;
        int steps = 0;
        do {
            for (int batch = 0; batch < 100; batch++, steps++, step++) {
                if (step % 1000 == 0) {
                    mj_resetData(m, d);
                    mj_forward(m, d);
                }
                for (int i = 0; i < m->nu; i++) {
                    d->ctrl[i] = action[step % 1000 * m->nu + i];
                }
                if (m->opt.integrator == mjINT_RK4) {
                    mj_step(m, d);
                } else {
                    mj_step2(m, d);
                }
                for (int i = 1; i < physics; i++) {
                    mj_step(m, d);
                }
                mj_step1(m, d);
            }
            stop = now();
        } while (stop - start < 0.5);
        printf("%.0f\n", steps / (stop - start));
        fflush(stdout);
    }
    return 0;
}
