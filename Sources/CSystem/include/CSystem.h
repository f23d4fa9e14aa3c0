/* Calls of Linux that Swift's Glibc module leaves out. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

/* syncfs(2): brings everything of the file system that `descriptor` lies on to the disk. -1 and errno on failure. */
int system_syncfs(int descriptor);
/* sync_file_range(2): lets the disk begin with a part of a file, without waiting for it. A hint. */
void system_begin_writing(int descriptor, long offset, long count);
#endif
