/* Calls of Linux that Swift's Glibc module leaves out. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

/* syncfs(2): brings everything of the file system that `descriptor` lies on to the disk. -1 and errno on failure. */
int system_syncfs(int descriptor);
#endif
