"""Write the template that `standardize: { template: mni152 }` aligns brains to, from nilearn's data folder.

The ICBM 152 nonlinear symmetric T1 template 2009a, skull-stripped, as nilearn 0.14 ships it at 1 mm in bytes: every
voxel, in steps of 4 grey levels, because a histogram of 46 bins needs no finer ones and the file becomes a third
smaller. The mask has 2 where the brain is (cavities filled) and 1 up to 6 mm around it, at 2 mm: where images are compared.

    python Scripts/make_mni152.py NILEARN_DATA_FOLDER templates/mni152
"""

import gzip
import sys

import nibabel
import numpy
from scipy import ndimage

folder, out = sys.argv[1:]
image = nibabel.load(f"{folder}/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
values = numpy.asarray(image.dataobj, numpy.float32)


def write(name, voxels, affine):
    header = nibabel.Nifti1Header()
    header.set_data_dtype(voxels.dtype)
    header["descrip"] = b"ICBM 152 2009a sym (c) 1993-2009 L. Collins, MNI, McGill"
    made = nibabel.Nifti1Image(voxels, affine, header)
    made.set_sform(affine, 4)
    made.set_qform(affine, 4)
    made.header.set_xyzt_units("mm")
    # Without a time in the gzip header the same data give the same bytes.
    with open(f"{out}/{name}", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(made.to_bytes())


# No brain becomes air.
levels = numpy.where(values > 0, numpy.maximum(numpy.rint(values / 4), 1), 0)
write("t1.nii.gz", levels.astype(numpy.uint8), image.affine)
brain = ndimage.binary_fill_holes(ndimage.binary_closing(values > 0, iterations=3))
distance = ndimage.distance_transform_edt(~brain)
regions = (distance == 0).astype(numpy.uint8) + (distance <= 6)
write("mask.nii.gz", regions[::2, ::2, ::2], image.affine @ numpy.diag([2, 2, 2, 1.0]))
