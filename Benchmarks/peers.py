"""What peers do for each task, as scripts of their own: importing them is a part of what their users wait for."""

READ = {
    "SimpleITK": ("SimpleITK", """
import SimpleITK as sitk, sys
r = sitk.ImageSeriesReader(); r.SetFileNames(r.GetGDCMSeriesFileNames(sys.argv[1])); sitk.Cast(r.Execute(), sitk.sitkFloat32)
"""),
    "pydicom": ("pydicom", """
import pydicom, numpy as np, sys, pathlib
d = sorted((pydicom.dcmread(p) for p in pathlib.Path(sys.argv[1]).iterdir()), key=lambda x: x.ImagePositionPatient[2])
np.stack([x.pixel_array.astype(np.float32) * float(x.RescaleSlope) + float(x.RescaleIntercept) for x in d])
"""),
    "MONAI": ("monai", """
import sys
from monai.transforms import LoadImage
LoadImage(image_only=True)(sys.argv[1])
"""),
}

CHAIN = {
    "SimpleITK": ("SimpleITK", """
import SimpleITK as sitk, sys
r = sitk.ImageSeriesReader(); r.SetFileNames(r.GetGDCMSeriesFileNames(sys.argv[1])); i = sitk.Cast(r.Execute(), sitk.sitkFloat32)
i = sitk.IntensityWindowing(i, -160, 240, 0, 1)
size = [round(n * s) for n, s in zip(i.GetSize(), i.GetSpacing())]
i = sitk.Resample(i, size, sitk.Transform(), sitk.sitkLinear, i.GetOrigin(), (1, 1, 1), i.GetDirection())
sitk.WriteImage(i, sys.argv[2] + ".nii.gz")
"""),
    "pydicom + SciPy + nibabel": ("scipy", """
import pydicom, numpy as np, nibabel, sys, pathlib
from scipy import ndimage
d = sorted((pydicom.dcmread(p) for p in pathlib.Path(sys.argv[1]).iterdir()), key=lambda x: x.ImagePositionPatient[2])
v = np.stack([x.pixel_array.astype(np.float32) * float(x.RescaleSlope) + float(x.RescaleIntercept) for x in d])
v = np.clip((v + 160) / 400, 0, 1)
s = [1.25, *map(float, d[0].PixelSpacing)]
v = ndimage.zoom(v, s, order=1, grid_mode=True, mode="nearest")
nibabel.save(nibabel.Nifti1Image(v.T, np.eye(4)), sys.argv[2] + ".nii.gz")
"""),
    "TorchIO": ("torchio", """
import sys, torchio as tio
i = tio.ScalarImage(sys.argv[1])
i = tio.Compose([tio.RescaleIntensity((0, 1), in_min_max=(-160, 240)), tio.Resample(1)])(i)
i.save(sys.argv[2] + ".nii.gz")
"""),
    "MONAI": ("monai", """
import sys
from monai.transforms import Compose, LoadImage, EnsureChannelFirst, ScaleIntensityRange, Spacing, SaveImage
Compose([LoadImage(image_only=True), EnsureChannelFirst(), ScaleIntensityRange(-160, 240, 0, 1, clip=True), Spacing((1, 1, 1)),
         SaveImage(output_dir=sys.argv[2], print_log=False)])(sys.argv[1])
"""),
}

RADIOGRAPHS = {
    "pydicom + OpenCV": ("cv2", """
import cv2, numpy as np, pathlib, pydicom, sys
cv2.setNumThreads(1)
for p in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    v = cv2.resize(pydicom.dcmread(p).pixel_array.astype(np.float32), (512, 512), interpolation=cv2.INTER_AREA)
    np.save(sys.argv[2] + p.stem + ".npy", v)
"""),
    "SimpleITK": ("SimpleITK", """
import numpy as np, pathlib, SimpleITK as sitk, sys
for p in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    i = sitk.Cast(sitk.ReadImage(str(p))[:, :, 0], sitk.sitkFloat32)
    i = sitk.Resample(i, (512, 512), sitk.Transform(), sitk.sitkLinear, i.GetOrigin(), [s * 4 for s in i.GetSpacing()])
    np.save(sys.argv[2] + p.stem + ".npy", sitk.GetArrayFromImage(i))
"""),
    "MONAI": ("monai", """
import numpy as np, pathlib, sys
from monai.transforms import Compose, LoadImage, EnsureChannelFirst, Resize
load = Compose([LoadImage(image_only=True), EnsureChannelFirst()])
resize = Resize((512, 512), mode="area")
for p in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    v = load(str(p))
    np.save(sys.argv[2] + p.stem + ".npy", np.asarray(resize(v[..., 0] if v.ndim == 4 else v)))
"""),
}
