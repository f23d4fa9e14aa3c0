#ifndef STRUCTURE_HPP
#define STRUCTURE_HPP
#include "CDCMTK.h"

/// Walks a file's elements as DCMTK will, without recursion and without keeping a value, and says whether nesting,
/// element count and inflated size stay within `limits`. DCMTK has no such bounds: it recurses for each level of
/// sequences and inflates as long as there is input. What is no DICOM passes; DCMTK will say so.
bool is_within_limits(const char *path, bool header_only, const dcmtk_limits &limits, dcmtk_status *status);

#endif
