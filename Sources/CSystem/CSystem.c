#define _GNU_SOURCE
#include "CSystem.h"
#include <unistd.h>

int system_syncfs(int descriptor) { return syncfs(descriptor); }
