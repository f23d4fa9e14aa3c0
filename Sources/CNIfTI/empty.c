// SwiftPM wants a source file; the functions are in libnifti2.
#include "CNIfTI.h"
