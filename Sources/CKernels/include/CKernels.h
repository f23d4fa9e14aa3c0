#ifndef CKERNELS_H
#define CKERNELS_H
#include "transforms.h"
#endif
