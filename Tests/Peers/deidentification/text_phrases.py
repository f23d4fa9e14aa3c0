"""Harmless texts for texts.py: series and protocol descriptions, sentences of reports, and comments of technologists."""

DESCRIPTIONS = """\
AX T2 FLAIR FS
Ax T1 post Gd
SAG T1 MPRAGE
t1_mprage_sag_p2_iso_1.0
t2_tse_tra_512_4mm
ep2d_diff_3scan_trace_p2_ADC
Cor STIR thoracic spine
SAG T2 TSE L-SPINE
3D CISS IAC
SWI_Images
mIP_Images(SW)
T1 VIBE DIXON FS COR BH
t2_haste_cor_mbh
AX DWI b=0,500,1000
ADC map (10^-6 mm/s)
3-plane localizer
LOCALIZER
Scout 1.5T
Topogram 0.6 T20f
Lung 1.0 B70f
Abdomen 3.0 B30f portal venous
CT CHEST W CONTRAST
CT HEAD WO CONTRAST 5mm
Thorax 1.0 Br40 S3
Head 2.0 H31s
Bone plus 0.625mm
STD ALGORITHM
Coronal MPR 2mm bone window
Sagittal reformat 3 mm lung kernel
CT Abdomen and Pelvis with IV contrast
CTA aorta runoff 1.25mm
CT perfusion brain TMAX
RAPID CBF map
Dose Report
Patient protocol
CXR PA and lateral
Chest AP portable
XR HAND LEFT 3 VIEWS
Left knee standing AP
Right hip frog leg lateral
C-spine odontoid open mouth
Mammogram screening R MLO
L CC implant displaced
Tomosynthesis R CC
US abdomen complete
Doppler renal artery left
Echo 4 chamber apical view
Fetal biometry 2nd trimester
PET WB attenuation corrected
PET CT skull base to mid thigh
FDG brain 60 min
MIP rotating
NM bone scan 3 phase
Tc-99m MDP whole body
MRCP thick slab radial
AX IN OUT PHASE
LAVA FLEX water arterial phase
AX eTHRIVE dyn 4 phases
T2W_TSE_SENSE
sT1W_3D_TFE
DTI 32 directions
ASL perfusion CBF
fMRI finger tapping right
BOLD rest 2.5 mm
MR spectroscopy single voxel TE 30
TOF 3D circle of Willis
Carotids contrast enhanced MRA subtraction
Cine short axis SSFP
LGE 2 chamber PSIR
T1 map native MOLLI
Knee PD FS sag
Shoulder oblique coronal PD FS
Wrist cor T1 0.8 mm
Pelvis T2 high resolution oblique axial prostate
DCE breast dynamic subtraction 2 min
Breast bilateral T1 FS post 5
Whole spine T2 composed
SAG STIR 4 mm skip 0.5
Neck soft tissue with contrast 2.5 mm axial
Paranasal sinuses coronal bone
Temporal bones 0.6 mm U70
Orbits T1 fat sat post contrast
Pituitary dynamic coronal
HASTE localizer multi breath hold
TRUFISP cor
t1_fl2d_tra_fs_bh_320
SER subtraction
fl3d_vibe_tra_p4_dyn
Cor T2 FRFSE
AX GRE T2*
Sag 3D CUBE
Ax FIESTA
Calibration scan
ASSET calibration
Ax LAVA +C delayed 5 min
Liver multiphase late arterial
Renal stone protocol low dose
CT urogram excretory phase 10 min
CT colonography prone
Cardiac CT calcium score 3 mm
Coronary CTA 75% best diastole
Perfusion rest stress SPECT
HIDA with CCK
VQ scan ventilation
Barium swallow lateral
Upper GI series
DSA left internal carotid AP
XA left coronary RAO 30 CAU 20
OPG panoramic
Bone age left hand
Scoliosis series standing
Leg length supine
T1 SE COR GD
DIFFUSION TRACE
eADC
Schädel nativ 5mm
Thorax Weichteil 1.5
LWS sag T2
Becken Übersicht
Abdomen portalvenös
Knie links koronar PD FS
Crâne sans injection
Thorax avec injection 1 mm
IRM genou droit sag
Rachis lombaire T2
Cráneo simple axial
Tórax con contraste
Columna lumbar sagital T1
Encefalo senza contrasto
Phantom QA head coil
SPACE FLAIR sag iso
QSM 5 echoes
T2 map cartilage
NOT DIAGNOSTIC motion repeat
AX T1 PRE 3mm
POST SAG T1 FS
Delayed axial 15 minutes
Non contrast abdomen 5.0 I30f
VRT angio
MIP 10mm coronal
iDose 4 lung
ASiR 40%
DE 80kV 140kV mixed
Monoenergetic 70 keV
Iodine map spectral
Portable chest upright 2 views
Swimmers view
Sunrise view patella both
Foot weight bearing lateral
KUB supine
Abdomen decubitus left
Pelvis inlet outlet
CBCT dental 0.2 mm
RT planning CT thorax 4D average
SIM head and neck mask
OCT macula
US thyroid transverse right lobe
Elastography liver
TVUS uterus sagittal
MSK US shoulder
Venous doppler lower extremity bilateral
""".splitlines()

REPORTS = """\
The lungs are clear without focal consolidation, effusion or pneumothorax.
Heart size is normal and the mediastinal contours are unremarkable.
There is a 12 mm nodule in the right upper lobe, unchanged compared to the prior examination.
No acute intracranial hemorrhage, mass effect or midline shift.
Mild degenerative changes of the lumbar spine, most pronounced at L4-5.
Small left pleural effusion with adjacent atelectasis.
The gallbladder is surgically absent and the common bile duct is not dilated.
Multiple hypodense liver lesions, too small to characterize, likely cysts.
Findings are concerning for metastatic disease; biopsy is recommended.
The appendix is normal in caliber and there is no free air.
Interval placement of an endotracheal tube with the tip 4 cm above the carina.
There is diffuse cerebral atrophy with chronic small vessel ischemic changes.
A 2.3 x 1.8 cm enhancing mass is seen in the left cerebellopontine angle.
No evidence of acute fracture or dislocation.
Full thickness tear of the supraspinatus tendon with mild retraction.
Horizontal tear of the posterior horn of the medial meniscus.
The anterior cruciate ligament is intact.
Moderate joint effusion and a small Baker cyst.
Disc bulge at L5-S1 with mild narrowing of the neural foramina.
Bilateral hydronephrosis, worse on the right, with a 5 mm stone at the ureterovesical junction.
The uterus is enlarged with several fibroids.
Scattered fibroglandular densities; no suspicious calcifications, BI-RADS 2.
Stable postoperative appearance of the left breast.
There is restricted diffusion in the territory of the left middle cerebral artery.
Coronary artery calcifications are noted.
Ejection fraction is estimated at 55% with normal wall motion.
No pericardial effusion is present.
The aorta measures 4.2 cm at the level of the ascending segment.
Filling defects in the segmental branches consistent with pulmonary embolism.
Ground glass opacities in both lower lobes, likely infectious.
Patchy opacity at the right base may represent aspiration or early pneumonia.
Follow-up chest radiograph in 6 weeks is suggested to document resolution.
Clinical correlation is advised.
The patient was unable to hold breath and the images are degraded by motion.
Bowel loops are dilated up to 3.5 cm with a transition point in the pelvis.
Sigmoid diverticulosis without diverticulitis.
The kidneys enhance symmetrically and are normal in size.
The pancreas is unremarkable, with no ductal dilatation.
Enlarged lymph nodes are seen in the left axilla, the largest measuring 1.5 cm.
Sclerotic lesion in the T8 vertebral body, indeterminate.
Old healed fractures of the left fourth and fifth ribs.
Right internal jugular catheter terminates in the superior vena cava.
The orbits and paranasal sinuses are clear.
Mucosal thickening of the maxillary sinuses.
Prostate volume is 45 ml with a PI-RADS 4 lesion in the peripheral zone.
Single live intrauterine gestation with normal amniotic fluid.
Thyroid nodules, the largest 9 mm, TI-RADS 3.
Deep vein thrombosis of the left popliteal vein.
FDG avid mass in the right lung with SUVmax of 8.4.
Physiologic uptake in the brain, heart and bladder.
White matter hyperintensities on FLAIR, nonspecific.
Ventricles and sulci are age appropriate.
No abnormal enhancement after administration of gadolinium.
Compression fracture of L1 with about 30% loss of height.
Hardware is in expected position without evidence of loosening.
Severe osteoarthritis of the left hip with joint space narrowing and subchondral cysts.
Nasogastric tube is coiled in the stomach and should be advanced.
Cardiomegaly with pulmonary vascular congestion and bilateral effusions.
The spleen is mildly enlarged, measuring 14 cm.
Fatty infiltration of the liver.
Impression: no significant interval change.
1. Acute appendicitis. 2. Small amount of free fluid in the pelvis.
Technique: axial images from the skull base to the vertex without contrast.
Comparison is made with the previous study.
Limited examination due to patient body habitus.
There is subtle irregularity along the distal radius, and a nondisplaced fracture cannot be excluded.
The soft tissues are swollen but no radiopaque foreign body is identified.
Rotator cuff tendinopathy with subacromial bursitis.
Carotid bifurcation plaque causing less than 50% stenosis.
Left ventricular hypertrophy is present, and the left atrium is dilated.
Lobulated cystic lesion in the tail of the pancreas without mural nodule.
Emphysematous changes predominantly in the upper lobes.
Bronchiectasis with tree-in-bud nodularity in the middle lobe.
Rim enhancing collection in the subcutaneous tissues, compatible with an abscess.
The previously seen pneumothorax has resolved.
Sutures and clips project over the right upper quadrant.
Chronic occlusion of the superficial femoral artery with distal reconstitution.
Status post right nephrectomy, with no local recurrence.
Signal abnormality in the bone marrow of the femoral condyle suggests contusion.
Hallux valgus deformity and mild midfoot arthritis.
Kein Nachweis einer Fraktur, keine Blutung.
Regelrechte Darstellung der Leber und Milz ohne Herd.
Kleiner Pleuraerguss links mit Stauung.
Pas de fracture visible, absence de lésion focale.
Épanchement pleural gauche avec nodule pulmonaire droit.
No se observa fractura ni derrame pleural.
""".splitlines()

COMMENTS = """\
Patient moved, repeat done
Rule out fracture after fall
Headache and dizziness for 3 days
Pain in left knee, no trauma
Cough and fever, r/o pneumonia
Follow up of lung nodule
Pre op evaluation
s/p total hip replacement
Allergic to iodine, no contrast given
IV infiltrated, limited study
History of breast cancer with new back pain
Shortness of breath
Images sent to PACS
Additional views obtained
Unable to lie flat
Motion artifact, best possible images
Poor inspiration
Contrast 80 ml at 3 ml/s
Weight 70 kg
Known aneurysm, compare with old films
Claustrophobic, exam stopped early
Prone images could not be obtained
Evaluate for stroke, weakness of the right arm
Abdominal pain and vomiting
Post chemotherapy restaging
Pacemaker, checked before scan
Wire localization left breast
Sedation given
Right side only
Technically difficult examination
Pregnancy test negative
Stress test with exercise
Screening
Second opinion
Swelling of the left foot for 2 weeks
Metal artifact from dental filling
Three attempts, best images saved
Verlaufskontrolle nach Operation
Verdacht auf Pneumonie
Schmerzen im Knie links
Contrôle après fracture du poignet
Dolor lumbar
Weight bearing views not possible due to pain
Repeat in 6 months
Compared with outside study
""".splitlines()
