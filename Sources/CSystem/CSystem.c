#define _GNU_SOURCE
#include "CSystem.h"
#include <fcntl.h>
#include <unistd.h>

int system_syncfs(int descriptor) { return syncfs(descriptor); }

void system_begin_writing(int descriptor, long offset, long count) {
    sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}
