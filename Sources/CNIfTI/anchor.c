#include "CNIfTI.h" // gives the package manager a C file to compile
