#ifndef CLONES_H
#define CLONES_H

/* One version of a function for each level of x86-64, chosen when the program is loaded: no -march, no SIGILL. */
#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

#endif
