/* Hot loops in plain C. The CPU version of each is chosen when the program starts. */
#ifndef CKERNELS_H
#define CKERNELS_H
#include "components.h"
#include "cosine.h"
#include "heads.h"
#include "inference.h"
#include "intensity.h"
#include "mixed.h"
#include "needles.h"
#include "network.h"
#include "optimiser.h"
#include "random.h"
#include "registration.h"
#include "text.h"
#include "transforms.h"
#include "types.h"
#include "warp.h"
#include "words.h"
#endif
