#ifndef CLONES_H
#define CLONES_H

/* One version of a function for each level of x86-64, chosen when the program is loaded: no -march, no SIGILL.
   Not under the thread sanitizer: the choice runs before its runtime is up, and crashes in it. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONES
#endif
#endif

#if !defined(CLONES) && defined(__x86_64__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#elif !defined(CLONES)
#define CLONES
#endif

#endif
