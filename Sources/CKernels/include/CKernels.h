/* Hot loops in plain C. The CPU version of each is chosen when the program starts. */
#ifndef CKERNELS_H
#define CKERNELS_H
#include "heads.h"
#include "needles.h"
#include "network.h"
#include "registration.h"
#include "text.h"
#include "transforms.h"
#include "words.h"
#endif
